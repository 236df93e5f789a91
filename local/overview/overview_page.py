"""The overview's figures as HTML; everything that was not written here is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from local.overview.figures import STAGES, Figures, Story, middle, slow
from local.overview.plots import Bar, Part, columns, rows
from local.overview.wording import ACTORS, counted, period, state_of
from shared.departments import City
from shared.effects import place_of
from shared.model import State

UNDER_WAY = (State.RECEIVED, State.RECOGNIZED, State.ROUTED, State.FILED)
SHOWN = (State.DELIVERED, State.REVIEW, State.FAILED)
LONGEST_LABEL = 29


def draw_overview(figures: Figures, city: City, euros_per_page: float) -> str:
    """The part of the page that is drawn again while it is open."""
    panels = [
        _panel("Priebeh dňa", _flow(figures), "naskenované", "odovzdané"),
        _panel("Podľa útvarov", _departments(figures, city), "doručené", "rozhoduje podateľňa", "zlyhané", "na ceste"),
        _panel("Od skenu po kartu", _times(figures)),
        _panel("Trvanie krokov (medián)", _stages(figures)),
        _panel("Istota triedenia (%)", _confidence(figures)),
        _panel("Čaká", _waiting(figures)),
        _panel("Zlyhania", _failures(figures)),
        _panel("Rozpoznávanie textu", _engines(figures, euros_per_page)),
        _panel("Najpomalšie dokumenty", _slowest(figures.slowest, city), wide=True),
    ]
    return f'{_tiles(figures)}<div class="grid">{"".join(panels)}</div>'


def _tiles(figures: Figures) -> str:
    under_way = sum(figures.states[state] for state in UNDER_WAY)
    tiles = [
        (figures.sources, counted(figures.sources, "súbor", "súbory", "súborov"), "plain"),
        (figures.pages, counted(figures.pages, "strana", "strany", "strán"), "plain"),
        (figures.states[State.DELIVERED], "doručené", "delivered"),
        (figures.states[State.REVIEW], "rozhoduje podateľňa", "review"),
        (under_way, "na ceste", "underway"),
        (figures.states[State.QUARANTINED], "odložené", "quarantined"),
        (figures.states[State.DUPLICATE], "opakované", "duplicate"),
        (figures.states[State.FAILED], "zlyhané", "failed"),
    ]
    shown = "".join(f'<li class="{look}"><b>{number}</b> {escape(what)}</li>' for number, what, look in tiles)
    return f'<ul class="tiles">{shown}</ul>'


def _flow(figures: Figures) -> str:
    busy = [*figures.scanned_by_hour, *figures.told_by_hour]
    if not busy:
        return _empty("V tento deň nič neprišlo.")
    bars = []
    for hour in range(min(6, *busy), max(18, *busy) + 1):
        scanned, told = figures.scanned_by_hour[hour], figures.told_by_hour[hour]
        parts = [Part(scanned, "scanned"), Part(told, "delivered")]
        bars.append(Bar(f"{hour}", parts, f"{hour}:00 – naskenované {scanned}, odovzdané {told}"))
    return columns(bars, "Naskenované a odovzdané dokumenty podľa hodín", every=2, paired=True)


def _departments(figures: Figures, city: City) -> str:
    if not figures.departments:
        return _empty("Zatiaľ nie je nič zaradené.")
    ordered = sorted(figures.departments.items(), key=lambda one: -sum(one[1].values()))
    bars = []
    for identity, states in ordered:
        name = city.by_id[identity].name if identity in city.by_id else identity
        parts = [Part(states[state], state.value) for state in SHOWN]
        parts.append(Part(sum(states[state] for state in UNDER_WAY), "underway"))
        bars.append(Bar(_short(name), parts, str(sum(states.values()))))
    return rows(bars, "Dokumenty podľa útvarov")


def _times(figures: Figures) -> str:
    if not figures.scan_to_card:
        return _empty("Zatiaľ nie je nič odovzdané.")
    pairs = [("medián", middle(figures.scan_to_card)), ("95 % do", slow(figures.scan_to_card))]
    pairs.append(("najdlhšie", max(figures.scan_to_card)))
    return rows([Bar(name, [Part(value or 0.0, "time")], period(value)) for name, value in pairs], "Od skenu po kartu")


def _stages(figures: Figures) -> str:
    if not figures.stage_seconds:
        return _empty("Zatiaľ neprebehol žiadny krok.")
    names = [name for name in STAGES.values() if name in figures.stage_seconds]
    medians = [(name, middle(figures.stage_seconds[name]) or 0.0) for name in names]
    return rows([Bar(name, [Part(value, "time")], period(value)) for name, value in medians], "Trvanie krokov")


def _confidence(figures: Figures) -> str:
    if not figures.confidences:
        return _empty("Zatiaľ nie je nič zaradené.")
    counts = [0] * 10
    for value in figures.confidences:
        counts[min(9, int(value * 10))] += 1
    bars = []
    for tenth, count in enumerate(counts):
        label = f"{tenth * 10}–{tenth * 10 + 10}"
        bars.append(Bar(label, [Part(count, "confidence")], f"{label} %: {count}"))
    return columns(bars, "Počet dokumentov podľa istoty triedenia", every=3)


def _waiting(figures: Figures) -> str:
    if not figures.waiting:
        return _empty("Nič nečaká.")
    bars = []
    for what, ages in figures.waiting.items():
        told = f"{len(ages)}, najstarší {period(max(ages))}"
        bars.append(Bar(f"čaká {what}", [Part(len(ages), "underway")], told))
    return rows(bars, "Čakajúce dokumenty")


def _failures(figures: Figures) -> str:
    if not figures.failures and not figures.failed:
        return _empty("Nič nezlyhalo.")
    bars = [
        Bar(ACTORS.get(actor, actor), [Part(count, "failed")], str(count))
        for actor, count in figures.failures.most_common()
    ]
    lines = "".join(f"<li>{_link(story)} {escape(story.record.error or '')}</li>" for story in figures.failed)
    return rows(bars, "Zlyhania podľa krokov") + f"<ul>{lines}</ul>"


def _engines(figures: Figures, euros_per_page: float) -> str:
    if not figures.engines:
        return _empty("Zatiaľ nie je nič prečítané.")
    bars = []
    for engine, pages in figures.engines.most_common():
        paid = engine.endswith("document-intelligence")
        cost = f"{pages * euros_per_page:.2f} €".replace(".", ",") if paid else "bez poplatku"
        bars.append(Bar(engine, [Part(pages, "time")], f"{pages} · {cost}"))
    return rows(bars, "Prečítané strany a ich cena")


def _slowest(stories: Sequence[Story], city: City) -> str:
    if not stories:
        return _empty("Zatiaľ nie je nič odovzdané.")
    lines = []
    for story in stories:
        place = city.by_id.get(place_of(story.record) or "")
        cells = [_link(story), escape(story.record.source_name), escape(place.name if place else "–")]
        cells += [escape(state_of(story.record.state)), period(story.seconds)]
        lines.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    heads = "".join(f"<th>{name}</th>" for name in ("Číslo", "Súbor", "Útvar", "Stav", "Od skenu po kartu"))
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def _panel(title: str, body: str, *legend: str, wide: bool = False) -> str:
    looks = {"naskenované": "scanned", "odovzdané": "delivered", "doručené": "delivered", "na ceste": "underway"}
    looks |= {"rozhoduje podateľňa": "review", "zlyhané": "failed"}
    keys = "".join(f'<span class="key {looks[name]}">{name}</span>' for name in legend)
    return f'<section class="{"panel wide" if wide else "panel"}"><h2>{escape(title)}</h2>{keys}{body}</section>'


def _empty(text: str) -> str:
    return f'<p class="empty">{escape(text)}</p>'


def _link(story: Story) -> str:
    return f'<a href="/dokument/{escape(story.record.id)}">{escape(story.record.id)}</a>'


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…"
