from datetime import date
from pathlib import Path

import pytest

from shared.departments import City, Role, load_city
from shared.errors import ConfigurationError
from shared.kinds import Unit, load_kinds

CONFIG = Path(__file__).parents[2] / "config"

KIND = """
  - id: {id}
    title: Žiadosť o niečo
    department: {department}
    phrases: {{niečo dôležité: 3}}
    act: zákon č. 1/2000 Z. z.
"""


@pytest.fixture(scope="module")
def city() -> City:
    return load_city(CONFIG / "departments.yaml")


def write(folder: Path, *entries: str) -> Path:
    path = folder / "document_kinds.yaml"
    path.write_text("kinds:" + "".join(entries), encoding="utf-8")
    return path


def test_the_city_knows_at_least_sixty_kinds_and_every_department_but_the_mailroom_has_some(city: City) -> None:
    catalogue = load_kinds(CONFIG, city)
    assert len(catalogue.kinds) >= 60
    receiving = {department.id for department in city.departments if department.role is not Role.MAILROOM}
    assert set(catalogue.departments) == receiving


def test_every_kind_rests_on_an_act_and_names_a_field_worth_reading(city: City) -> None:
    for kind in load_kinds(CONFIG, city).kinds:
        assert "zákon" in kind.act or "nariaden" in kind.act or "čl." in kind.act, kind.id
        assert kind.fields, kind.id


def test_every_problem_of_the_file_is_told_at_once_with_its_line(tmp_path: Path, city: City) -> None:
    path = write(
        tmp_path,
        KIND.format(id="jedna", department="stavebny-urad"),
        KIND.format(id="jedna", department="neznamy-odbor"),
        KIND.format(id="Zlé id", department="majetok").replace("3}", "9}"),
    )
    with pytest.raises(ConfigurationError) as failure:
        load_kinds(path, city)
    told = "\n".join(failure.value.problems)
    assert f"{path}:8: kinds.1.id: kind 'jedna' stands twice" in told
    assert f"{path}:10: kinds.1.department: no department 'neznamy-odbor'" in told
    assert f"{path}:14: kinds.2.id" in told
    assert "less than or equal to 5" in told


def test_the_mailroom_itself_owns_no_kind(tmp_path: Path, city: City) -> None:
    with pytest.raises(ConfigurationError, match="no department 'podatelna'"):
        load_kinds(write(tmp_path, KIND.format(id="jedna", department="podatelna")), city)


def test_a_request_for_information_had_eight_working_days_until_march_2025_and_has_twelve_since(city: City) -> None:
    kind = load_kinds(CONFIG, city).by_id["infoziadost"]
    before, since = kind.deadline_on(date(2025, 2, 28)), kind.deadline_on(date(2025, 3, 1))
    assert [(rule.count, rule.unit) for rule in (before, since) if rule] == [
        (8, Unit.WORKING_DAYS),
        (12, Unit.WORKING_DAYS),
    ]


def test_a_building_form_proposes_no_period_of_the_administrative_code(city: City) -> None:
    for kind in load_kinds(CONFIG, city).kinds:
        if kind.department == "stavebny-urad":
            assert kind.deadline_on(date(2026, 1, 1)) is None, kind.id


def test_deadline_rules_out_of_order_are_refused(tmp_path: Path, city: City) -> None:
    rules = """    deadline:
      - {count: 12, unit: working_days, act: "§ 1 zákona", from: received, valid_from: 2025-03-01}
      - {count: 8, unit: working_days, act: "§ 1 zákona", from: received}
"""
    with pytest.raises(ConfigurationError, match="order of `valid_from`"):
        load_kinds(write(tmp_path, KIND.format(id="jedna", department="majetok") + rules), city)


def test_the_fingerprint_changes_when_a_kind_moves_to_another_department(tmp_path: Path, city: City) -> None:
    first = load_kinds(write(tmp_path, KIND.format(id="jedna", department="majetok")), city).fingerprint
    second = load_kinds(write(tmp_path, KIND.format(id="jedna", department="skolstvo")), city).fingerprint
    assert first != second
