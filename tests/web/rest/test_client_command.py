"""`liandong client`: programs get their accounts on the command line."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from app import Installation, Settings, liandong
from engine import directory
from web.commands.init import prepare
from web.commands.serve import make_pages

ROOT = Path(__file__).parents[3]


def installed(folder: Path) -> Installation:
    made = Installation(
        Settings(
            database_url=f"sqlite:///{folder / 'liandong.db'}",
            data=folder,
            workflows=ROOT / "workflows",
        )
    )
    prepare(made)
    engine = made.engine()
    directory.add_agency(engine, "system", "豫1321", "court", "某县人民法院", "nanzhao_2021")
    directory.add_unit(engine, "system", "豫1321", "court-1", "执行局")
    return made


def told(installation: Installation, *arguments: str) -> Result:
    result = CliRunner().invoke(liandong, ["client", *arguments], obj=installation)
    assert result.exit_code == 0, result.output
    return result


def test_a_program_is_added_allowed_renewed_and_shut_out(tmp_path: Path) -> None:
    installation = installed(tmp_path)
    place = ("--agency", "豫1321", "--unit", "court-1")
    first = told(installation, "add", "scanner", *place, "--role", "court_handler").output
    token = first.split("：")[-1].strip()
    browser = make_pages(installation).test_client()

    def status(token: str) -> int:
        shown = {"Authorization": f"Bearer {token}"}
        return browser.get("/engine-rest/version", headers=shown).status_code

    assert status(token) == 200
    assert "scan" in told(installation, "allow", "client-scanner", "--topic", "scan").output
    newer = told(installation, "renew", "client-scanner").output.split("：")[-1].strip()
    assert (status(token), status(newer)) == (401, 200)
    told(installation, "revoke", "client-scanner")
    assert status(newer) == 401
    told(installation, "passwords", "豫1321", "--allow")
    installation.database.close()
