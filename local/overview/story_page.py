"""A document's whole story as HTML: what it is, its pages, every step; and what became of the other pages."""

from __future__ import annotations

from datetime import date
from html import escape
from zoneinfo import ZoneInfo

from local.overview.figures import Story
from local.overview.wording import FATES, action_of, actor_of, moment, percent, period, state_of
from shared.chain import Break
from shared.departments import City
from shared.effects import place_of
from shared.kinds import Catalogue
from shared.model import Fate, PageFate, SourceRecord

Fact = tuple[str, str]


def draw_story(
    story: Story, source: SourceRecord | None, breaks: list[Break], city: City, kinds: Catalogue, zone: ZoneInfo
) -> str:
    record = story.record
    kind = kinds.by_id.get(record.kind or "")
    place = city.by_id.get(place_of(record) or "")
    facts: list[Fact] = [
        ("Stav", state_of(record.state)),
        ("Útvar", place.name if place else "–"),
        ("Súbor", f"{record.source_name}, strany {', '.join(map(str, record.pages))}"),
        ("Naskenované", moment(record.received_at, zone)),
        ("Od skenu po kartu", period(story.seconds)),
        ("Istota zaradenia", percent(record.confidence) if record.confidence is not None else "–"),
        ("Navrhovaná lehota", f"{_day(record.deadline)} ({record.deadline_rule})" if record.deadline else "–"),
        ("Evidencia", _integrity(breaks)),
    ]
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in record.reasons)
    file = f'<a href="{escape(record.filed.url)}">Otvoriť v knižnici</a>' if record.filed else ""
    return (
        f"<h1>{escape(kind.title if kind else 'Nezaradený dokument')}</h1>"
        f'<p class="number">{escape(record.id)} {file}</p>'
        f'<div class="story"><section class="panel"><h2>Dokument</h2>{_facts(facts)}'
        f"{f'<h2>Prečo</h2><ul>{reasons}</ul>' if reasons else ''}"
        f"{f'<p class=failure>{escape(record.error)}</p>' if record.error else ''}</section>"
        f'<section class="panel"><h2>Kroky</h2>{_steps(story, zone)}</section></div>'
        f"{_pages(story, source)}"
    )


def _steps(story: Story, zone: ZoneInfo) -> str:
    lines, before = [], story.record.received_at
    for step in story.steps:
        waited = max(0.0, (step.at - before).total_seconds())
        before = step.at
        attempt = f" · {step.attempt}. pokus" if step.attempt > 1 else ""
        lines.append(
            f'<li class="{escape(step.state.value)}"><b>{escape(action_of(step))}</b>'
            f"<span>{moment(step.at, zone)} · {escape(actor_of(step))}{attempt} · po {period(waited)}</span>"
            f"{f'<em>{escape(step.reason)}</em>' if step.reason else ''}</li>"
        )
    return f'<ol class="steps">{"".join(lines)}</ol>'


def _pages(story: Story, source: SourceRecord | None) -> str:
    """All pages of the scan, this document's marked: what became of the others is part of its story."""
    if source is None or not source.pages:
        return ""
    pictures = "".join(_page(page, story, source) for page in source.pages)
    return f'<section class="panel"><h2>Strany skenu</h2><ul class="pages">{pictures}</ul></section>'


def _page(page: PageFate, story: Story, source: SourceRecord) -> str:
    mine = page.document_id == story.record.id
    picture = f'<img src="/dokument/{escape(source.id)}/strana/{page.page}" alt="Strana {page.page}" loading="lazy">'
    if mine:
        told = "tento dokument"
    elif page.fate is Fate.DOCUMENT and page.document_id:
        number = page.document_id.rpartition("-")[2]
        told = f'<a href="/dokument/{escape(page.document_id)}">dokument {escape(number)}</a>'
    else:
        told = f"{FATES[page.fate]}" + (f": {escape(page.reason)}" if page.fate is Fate.BAD else "")
    return f'<li class="{"mine" if mine else "other"}">{picture}<span>{page.page} · {told}</span></li>'


def _facts(facts: list[Fact]) -> str:
    return "<dl>" + "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts) + "</dl>"


def _integrity(breaks: list[Break]) -> str:
    if not breaks:
        return "neporušená"
    steps = ", ".join(str(found.step) for found in breaks if found.step)
    return f"porušená, niekto do nej zasiahol{f' (krok {steps})' if steps else ''}"


def _day(day: date) -> str:
    return f"{day.day}. {day.month}. {day.year}"
