"""Indications ("Indikasi, perlu klarifikasi"): what may be wrong and has to be asked about; never a finding."""

from oversight.indications.definitions import Flag, Indication, told
from oversight.indications.looking import Look, counts, look, shown
from oversight.indications.register import INDICATIONS, find

__all__ = ["INDICATIONS", "Flag", "Indication", "Look", "counts", "find", "look", "shown", "told"]
