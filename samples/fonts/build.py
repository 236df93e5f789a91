"""Build the subset .ttf files of this folder from the Fontsource npm packages (all under the SIL Open Font License).

Fontsource splits a family into a `latin` and a `latin-ext` file; a Slovak text needs both. Run it only to change fonts:

    npm install --prefix /tmp/fonts @fontsource/{arimo,tinos,courier-prime,caveat,kalam,patrick-hand}@5.3.0
    uv run python -m samples.fonts.build /tmp/fonts/node_modules/@fontsource
"""

import shutil
import sys
import tempfile
from pathlib import Path

from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
CHARACTERS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "áäčďéíĺľňóôŕšťúýžÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ"
    + "ěřůöőüűĚŘŮÖŐÜŰßëçğ"
    + "§°±²³µ·×–—‘’‚“”„…€\u00a0"
)
FACES = {
    "arimo": (400, 700),
    "tinos": (400, 700),
    "courier-prime": (400,),
    "caveat": (400,),
    "kalam": (400,),
    "patrick-hand": (400,),
}


def build_face(package: Path, family: str, weight: int, target: Path) -> None:
    """Merge the two files of a face, keep the characters of a Slovak office, and write a .ttf without a timestamp."""
    with tempfile.TemporaryDirectory() as scratch:
        parts: list[str] = []
        for script in ("latin", "latin-ext"):
            font = TTFont(package / "files" / f"{family}-{script}-{weight}-normal.woff2", recalcTimestamp=False)
            font.flavor = None
            reduce_to_characters(font)
            part = Path(scratch) / f"{script}.ttf"
            font.save(part)
            parts.append(str(part))
        merged = Merger().merge(parts)
        merged.recalcTimestamp = False
        merged["head"].created = merged["head"].modified = 0
        reduce_to_characters(merged)
        merged.save(target)


def reduce_to_characters(font: TTFont) -> None:
    options = Options()
    options.hinting = False
    options.layout_features = []
    options.name_IDs = [0, 1, 2, 13, 14]
    options.notdef_outline = True
    options.drop_tables += ["STAT", "GSUB", "GPOS", "GDEF", "DSIG", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(text=CHARACTERS)
    subsetter.subset(font)


def main(fontsource: Path) -> None:
    for family, weights in FACES.items():
        for weight in weights:
            build_face(fontsource / family, family, weight, HERE / f"{family}-{weight}.ttf")
        shutil.copy(fontsource / family / "LICENSE", HERE / f"{family}-LICENSE.txt")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
