"""The validators of docs/forms.md by name: value in, normalised value or a problem out."""

from forms.validators.area import area_code
from forms.validators.checked import Checked, Problem, Validator
from forms.validators.contact import person_name, phone
from forms.validators.court import case_document_number, case_number, court_code, document_number
from forms.validators.identity import identity_document, passport, permit, resident_number
from forms.validators.moment import not_after_now
from forms.validators.organisation import credit_code, organisation_code
from forms.validators.vehicle import plate, vin

VALIDATORS: dict[str, Validator] = {
    "V-CASENO": case_number,
    "V-CASEDOCNO": case_document_number,
    "V-DOCNO": document_number,
    "V-COURTCODE": court_code,
    "V-RIC": resident_number,
    "V-PASSPORT": passport,
    "V-PERMIT": permit,
    "V-IDENTITY": identity_document,
    "V-USCC": credit_code,
    "V-ORGCODE": organisation_code,
    "V-PLATE": plate,
    "V-VIN": vin,
    "V-PHONE": phone,
    "V-AREA": area_code,
    "V-NAME": person_name,
    "V-PAST": not_after_now,
}
# Values of these name a person: never a process variable, masked where they are shown.
IDENTITIES = frozenset(("V-RIC", "V-PASSPORT", "V-PERMIT", "V-IDENTITY"))
# The only ones for dates and times; all others are for single lines of text.
ON_MOMENTS = frozenset(("V-PAST",))
PERSONAL = IDENTITIES | {"V-PHONE", "V-NAME"}

__all__ = ["IDENTITIES", "ON_MOMENTS", "PERSONAL", "VALIDATORS", "Checked", "Problem", "Validator"]
