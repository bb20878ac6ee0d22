"""LASMIG.txt: what the folder is, to somebody who has never heard of the product."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_TEXT = """Portföljkartan – arkivuttag
===========================

Uttag ur stadens register över bostads-, arbetsplats- och trafikprojekt och deras bidrag till integrationsmålen.
Innehållet är som det var {moment} (den senaste ändringen av det som är med). Samma innehåll ger samma filer, byte för
byte.

Innehåll
--------
{contents}

Så är det ordnat
----------------
perioder/<period>/          en stängd uppföljningsperiod: tabeller, och i filer/ rapporterna som de sparades
projekt/                    avslutade och avbrutna projekt: tabeller, och i blad/ ett blad (PDF) för varje projekt
kataloger/                  mål, områden och mått som tabellerna hänvisar till
{secret}faltbeskrivning.csv         varje fält i varje tabell, med typ och betydelse
sip.xml                     alla filer med storlek och kontrollsumma, i samma form som en FGS-leverans (METS)
SHA256SUMS                  kontrollsummor; kontrollera med: sha256sum -c SHA256SUMS

Tabellerna finns både som CSV (RFC 4180: komma, UTF-8, första raden är fältnamn) och som JSON med samma fält. Belopp är
hela ören. Tidpunkter är UTC. Koordinater är SWEREF 99 18 00 (EPSG:3011), östlig före nordlig, i meter.

Sekretess
---------
{secrecy}
"""
_FOLDERS = """sekretess/<lagrum>/projekt/  projekt med sekretess, hela, under det lagrum som gäller
sekretess/perioder/          kontorets interna rapporter och tabeller för varje period
"""
_APART = """Det som omfattas av sekretess ligger i mappen sekretess, efter lagrum. Ett projekt med enstaka hemliga
uppgifter finns både i den öppna delen, utan dem, och helt under sitt lagrum. Kontorets interna perioder ligger i
sekretess/perioder och sekretessprövas innan de lämnas ut."""
_LEFT_OUT = "Uttaget är offentligt: sekretess, utkast, interna beskrivningar, personer och historik är utelämnade."
_WITHHELD = """
Sparade offentliga rapporter som har utelämnats, för att de beskriver något som har fått sekretess sedan perioden
stängdes:
{names}"""


def readme(
    periods: Sequence[str], projects: Mapping[str, int], withheld: Sequence[str], moment: str, *, public: bool
) -> str:
    """The whole text. `projects` is part → number of projects."""
    contents = [f"perioder: {', '.join(periods) or 'inga'}"]
    contents += [f"{part}: {number} projekt" for part, number in sorted(projects.items())]
    secrecy = _LEFT_OUT if public else _APART
    if withheld:
        secrecy += "\n" + _WITHHELD.format(names="\n".join(f"  {one}" for one in withheld))
    return _TEXT.format(moment=moment, contents="\n".join(contents), secret="" if public else _FOLDERS, secrecy=secrecy)
