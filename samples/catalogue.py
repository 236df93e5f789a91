"""The list of samples: what each shows, how it was scanned, and where it must end."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from PIL import Image

from samples.rendering import marks
from samples.rendering.form import Form
from samples.rendering.layout import DEFAULT_DPI, render_pages
from samples.rendering.letters import render_plain_text
from samples.rendering.stamp import press_stamp
from samples.submissions import construction, culture, elsewhere, environment, office, residents, social, taxes

Mark = Callable[[Image.Image, int, np.random.Generator], Image.Image]
Encoding = Literal["pdf", "pdf-g4", "tiff", "tiff-g4", "jpeg", "png", "pdf-truncated"]


@dataclass(frozen=True, slots=True)
class Sample:
    file: str
    kind: str
    department: str
    source: Form | str
    encoding: Encoding
    severity: str = "light"
    expected: Literal["delivered", "review", "quarantined"] = "delivered"
    """What is forwarded to an outside authority is in review first: a clerk confirms it."""
    colour: bool = False
    dpi: int = DEFAULT_DPI
    """Resolution of the file; pages are drawn at 200 dpi and reduced."""
    quality: int = 40
    marks: tuple[Mark, ...] = ()

    def draw_pages(self, rng: np.random.Generator) -> list[Image.Image]:
        if isinstance(self.source, Form):
            return render_pages(self.source, rng)
        pages = render_plain_text(self.source, rng, office.COMPLAINT_STYLE, by_hand=True)
        receipt = office.COMPLAINT_RECEIPT
        press_stamp(pages[0], receipt, round(pages[0].width * 0.8), round(pages[0].height * 0.1), rng, DEFAULT_DPI)
        return pages


def fold_in_three(page: Image.Image, dpi: int, rng: np.random.Generator) -> Image.Image:
    return marks.fold(page, rng)


def spill_coffee(page: Image.Image, dpi: int, rng: np.random.Generator) -> Image.Image:
    return marks.stain(page, dpi, rng, centre=(0.68, 0.46))


SAMPLES = (
    Sample(
        "01-ohlasenie-drobnej-stavby.pdf",
        "ohlásenie drobnej stavby",
        "stavebny-urad",
        construction.SMALL_BUILDING,
        "pdf",
        marks=(marks.punch_holes,),
    ),
    Sample(
        "02-priznanie-k-dani-z-nehnutelnosti.tif",
        "priznanie k dani z nehnuteľností",
        "dane-a-poplatky",
        taxes.PROPERTY_TAX,
        "tiff-g4",
    ),
    Sample(
        "03-ohlasenie-psa.jpg",
        "ohlásenie psa, priznanie k dani za psa",
        "dane-a-poplatky",
        taxes.DOG_TAX,
        "jpeg",
        severity="medium",
    ),
    Sample(
        "04-prihlasenie-na-trvaly-pobyt.pdf",
        "prihlásenie na trvalý pobyt",
        "evidencia-obyvatelov-a-matrika",
        residents.PERMANENT_RESIDENCE,
        "pdf",
        colour=True,
    ),
    Sample(
        "05-ziadost-o-vyrub-drevin.pdf",
        "žiadosť o súhlas na výrub drevín",
        "zivotne-prostredie",
        environment.TREE_FELLING,
        "pdf",
        marks=(marks.staple,),
    ),
    Sample(
        "06-ziadost-o-rozkopavku.png",
        "žiadosť o povolenie na rozkopávku",
        "doprava-a-komunikacie",
        construction.ROAD_DIGGING,
        "png",
    ),
    Sample(
        "07-ziadost-o-prijatie-do-materskej-skoly.pdf",
        "žiadosť o prijatie dieťaťa do materskej školy",
        "skolstvo",
        residents.KINDERGARTEN,
        "pdf",
        severity="medium",
        marks=(marks.punch_holes,),
    ),
    Sample(
        "08-opatrovatelska-sluzba-vyblednuta-kopia.pdf",
        "žiadosť o poskytovanie opatrovateľskej služby",
        "socialne-veci",
        social.HOME_CARE,
        "pdf",
        severity="faint-copy",
        marks=(marks.punch_holes,),
    ),
    Sample(
        "09-ziadost-o-najom-bytu-poliata.jpg",
        "žiadosť o pridelenie nájomného bytu",
        "majetok",
        social.CITY_FLAT,
        "jpeg",
        severity="low-resolution",
        colour=True,
        dpi=100,
        quality=50,
        marks=(spill_coffee,),
    ),
    Sample(
        "10-ziadost-o-dotaciu-kultura.tif",
        "žiadosť o dotáciu na kultúru a šport",
        "kultura-a-sport",
        culture.GRANT,
        "tiff",
        marks=(marks.staple,),
    ),
    Sample("11-faktura-upratovanie.pdf", "dodávateľská faktúra", "ekonomika", office.INVOICE, "pdf-g4"),
    Sample(
        "12-staznost-pisana-rukou.jpg",
        "sťažnosť písaná rukou",
        "pravne-a-staznosti",
        office.COMPLAINT_LETTER,
        "jpeg",
        expected="review",
        colour=True,
        marks=(fold_in_three,),
    ),
    Sample(
        "13-ziadost-o-informacie-211.pdf",
        "žiadosť o sprístupnenie informácií podľa zákona 211/2000 Z. z.",
        "pravne-a-staznosti",
        office.INFORMATION_REQUEST,
        "pdf",
        marks=(fold_in_three,),
    ),
    Sample(
        "14-podnet-mestskej-policii.png",
        "podnet pre mestskú políciu",
        "mestska-policia",
        office.POLICE_NOTICE,
        "png",
    ),
    Sample(
        "15-ziadost-o-zastitu-primatora.pdf",
        "žiadosť o prevzatie záštity primátora",
        "prednosta-a-sekretariat",
        culture.PATRONAGE,
        "pdf",
        colour=True,
    ),
    Sample(
        "16-navrh-na-vklad-do-katastra.pdf",
        "návrh na vklad do katastra nehnuteľností (patrí okresnému úradu)",
        "okresny-urad",
        elsewhere.CADASTRE_ENTRY,
        "pdf",
        expected="review",
        marks=(marks.staple,),
    ),
    Sample(
        "17-recept-na-orechovnik.jpg",
        "kuchársky recept (nepatrí nikomu)",
        "podatelna",
        elsewhere.RECIPE,
        "jpeg",
        severity="medium",
        expected="review",
        colour=True,
    ),
    Sample(
        "18-neuplny-prenos.pdf",
        "PDF, ktorého prenos sa prerušil",
        "",
        construction.SMALL_BUILDING,
        "pdf-truncated",
        expected="quarantined",
    ),
)
