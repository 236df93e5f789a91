"""Proposed deadlines: what the law gives the office, counted from the day of receipt.

Counting follows § 27 zákona č. 71/1967 Zb. (správny poriadok): the day of the event does not count; a period in months
ends on the day of the same number, or on the month's last day where there is none; a period that ends on a Saturday,
a Sunday or a holiday ends on the next working day. Holidays are the days of rest of zákon č. 241/1993 Z. z. as the
`holidays` package keeps them: since 2024 not 1 September, since 2025 not 17 November, in 2026 neither 8 May nor
15 September (zákony č. 530/2023 and 261/2025 Z. z.). A state holiday that is worked on does not lengthen a period;
where the word „sviatok“ could be read more widely, the earlier day is the safe one to propose.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import cache

import holidays

from shared.kinds import DeadlineRule, Kind, Unit
from shared.model import Value

# Slovak counting: one, two to four, five and more.
WORDS = {
    Unit.CALENDAR_DAYS: ("deň", "dni", "dní"),
    Unit.WORKING_DAYS: ("pracovný deň", "pracovné dni", "pracovných dní"),
    Unit.MONTHS: ("mesiac", "mesiace", "mesiacov"),
}


class Deadline(Value):
    """The last day and where it comes from, such as `30 dní, § 49 ods. 2 zákona č. 71/1967 Zb.`"""

    day: date
    rule: str


def propose(kind: Kind | None, received: date) -> Deadline | None:
    """None where no rule is in force; `received` is the local day on which the office got the document."""
    rule = kind.deadline_on(received) if kind else None
    return Deadline(day=last_day(rule, received), rule=f"{period(rule)}, {rule.act}") if rule else None


def period(rule: DeadlineRule) -> str:
    """For example `30 dní`."""
    one, few, many = WORDS[rule.unit]
    return f"{rule.count} {one if rule.count == 1 else few if rule.count < 5 else many}"


def last_day(rule: DeadlineRule, received: date) -> date:
    match rule.unit:
        case Unit.WORKING_DAYS:
            day = received
            for _ in range(rule.count):
                day = next_working_day(day + timedelta(days=1))
            return day
        case Unit.MONTHS:
            return next_working_day(_add_months(received, rule.count))
        case Unit.CALENDAR_DAYS:
            return next_working_day(received + timedelta(days=rule.count))


def next_working_day(day: date) -> date:
    """The day itself if it is worked."""
    while day.weekday() >= calendar.SATURDAY or day in _days_of_rest(day.year):
        day += timedelta(days=1)
    return day


@cache
def _days_of_rest(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("SK", years=year))


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
