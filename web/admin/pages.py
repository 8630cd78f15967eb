"""机构与人员: agencies, units, people, posts; create, move, leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine import directory as verbs
from engine import password_resets
from engine.errors import Conflict, Refusal
from engine.permissions import SEPARATED_POWERS
from engine.queries import people
from engine.queries.people import PersonView
from web.admin.clock import pages as clock_pages
from web.admin.resets import pages as reset_pages
from web.auth.viewer import acting, client_address, the_engine, viewer
from web.chips import person_chip
from web.errors import said, status_of
from web.vocabulary import norms

pages = Blueprint("admin", __name__, url_prefix="/admin")
pages.register_blueprint(clock_pages)
pages.register_blueprint(reset_pages)


@pages.get("/directory")
def directory() -> Response:
    """The reader's agency, or the one named in `agency`."""
    return _directory(request.args.get("agency"))


@pages.post("/agencies")
def add_agency() -> Response:
    """A new tenant."""
    typed = request.form

    def add() -> str:
        return verbs.add_agency(
            *acting(),
            typed["id"].strip(),
            typed["kind"],
            typed["name"].strip(),
            typed["profile"],
            typed["counterpart"] or None,
            address=client_address(),
        )

    return _done(add, _("已新增机关。"), None)


@pages.post("/agencies/<agency_id>/units")
def add_unit(agency_id: str) -> Response:
    """A division, station or team."""
    typed = request.form

    def add() -> str:
        return verbs.add_unit(
            *acting(),
            agency_id,
            typed["id"].strip(),
            typed["name"].strip(),
            typed["area_code"].strip() or None,
            address=client_address(),
        )

    return _done(add, _("已新增内设机构。"), agency_id)


@pages.post("/agencies/<agency_id>/people")
def add_person(agency_id: str) -> Response:
    """An account without any post; the security administrator gives the posts."""
    typed = request.form

    def add() -> str:
        return verbs.add_person(
            *acting(),
            agency_id,
            typed["login"],
            typed["name"].strip(),
            typed["password"],
            phone=typed["phone"].strip() or None,
            certificate_no=typed["certificate_no"].strip() or None,
            address=client_address(),
        )

    return _done(add, _("已新增人员。请由安全管理员授予岗位。"), agency_id)


@pages.get("/people/<person_id>")
def person(person_id: str) -> Response:
    """One person: posts, move, leave, password."""
    return _person(person_id)


@pages.post("/people/<person_id>/posts")
def give_post(person_id: str) -> Response:
    """A role in a unit."""
    typed = request.form

    def give() -> str:
        return verbs.give_post(
            *acting(), person_id, typed["unit"], typed["role"], address=client_address()
        )

    return _about(person_id, give, _("已授予岗位。"))


@pages.post("/people/<person_id>/posts/<post_id>/end")
def end_post(person_id: str, post_id: str) -> Response:
    """The role is held no longer."""
    words = _("已免去岗位，其未办任务已退回候办池。")
    return _about(
        person_id, lambda: verbs.end_post(*acting(), post_id, address=client_address()), words
    )


@pages.post("/people/<person_id>/move")
def move(person_id: str) -> Response:
    """To another unit of the agency, with the roles ticked."""
    typed = request.form

    def move() -> None:
        verbs.move_person(
            *acting(), person_id, typed["unit"], typed.getlist("role"), address=client_address()
        )

    return _about(person_id, move, _("已调动，其未办任务已退回候办池。"))


@pages.post("/people/<person_id>/leave")
def leave(person_id: str) -> Response:
    """The person has left."""
    words = _("已办理离任：账号停用，未办任务已退回候办池。")
    return _about(
        person_id, lambda: verbs.leave(*acting(), person_id, address=client_address()), words
    )


@pages.post("/people/<person_id>/password")
def reset_password(person_id: str) -> Response:
    """A new password and an end to a lock; an administrator's waits for the second one."""
    try:
        counts = password_resets.reset_password(
            *acting(), person_id, request.form["password"], address=client_address()
        )
    except Refusal as refusal:
        return _person(person_id, refusal)
    waits = _("已提出重设，须由另一员确认后生效。")
    flash(_("已重设密码并解除锁定；本人登录后须立即更改。") if counts else waits)
    return redirect(url_for("admin.person", person_id=person_id))


def _about(person_id: str, act: Callable[[], Any], words: str) -> Response:
    try:
        act()
    except (Refusal, Conflict) as refusal:
        return _person(person_id, refusal)
    flash(words)
    return redirect(url_for("admin.person", person_id=person_id))


def _done(act: Callable[[], Any], words: str, agency_id: str | None) -> Response:
    """Act and go back to the directory; a refusal shows the page again with what was typed."""
    try:
        act()
    except (Refusal, Conflict) as refusal:
        return _directory(agency_id, refusal)
    flash(words)
    return redirect(url_for("admin.directory", agency=agency_id))


def _directory(agency_id: str | None, refusal: Refusal | Conflict | None = None) -> Response:
    page = people.directory_page(the_engine(), viewer().actor, agency_id)
    return _rendered(
        "admin/directory.html",
        refusal,
        page=page,
        kind_names=_kind_names(),
        profile_names={one.id: one.zh for one in norms().profiles.values()},
        counterparts=[(one.id, one.name) for one in page.agencies],
    )


def _person(person_id: str, refusal: Refusal | Conflict | None = None) -> Response:
    one, page = people.person_page(the_engine(), viewer().actor, person_id)
    roles = norms().roles.items()
    return _rendered(
        "admin/person.html",
        refusal,
        one=one,
        page=page,
        unit_names=[(unit.id, unit.name) for unit in page.units],
        role_names=[pair for pair in roles if pair[0] in _roles_open_to(one)],
        all_role_names=list(roles),
    )


def _roles_open_to(one: PersonView) -> list[str]:
    """Roles that may be given: an administrator's stands alone (SEC-05)."""
    held = {post.role for post in one.posts}
    return [
        role
        for role in norms().roles
        if role not in held and not (held and role in SEPARATED_POWERS)
    ]


def _kind_names() -> dict[str, str]:
    return {
        "court": _("法院"),
        "police": _("公安机关"),
        "local_court": _("当地法院"),
        "procuratorate": _("检察院"),
    }


def _rendered(template: str, refusal: Refusal | Conflict | None, **context: Any) -> Response:
    words = said(refusal) if refusal else ""
    body = render_template(
        template, words=words, typed=request.form, person_chip=person_chip, **context
    )
    return make_response(body, status_of(refusal) if refusal else 200)
