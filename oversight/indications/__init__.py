"""Indications ("Indikasi, perlu klarifikasi"): what may be wrong and has to be asked about; never a finding."""

from oversight.indications.definitions import Flag, Indication, told
from oversight.indications.kept_looks import Look
from oversight.indications.looking import Readable, counts, look, look_anew
from oversight.indications.register import INDICATIONS, find

__all__ = ["INDICATIONS", "Flag", "Indication", "Look", "Readable", "counts", "find", "look", "look_anew", "told"]
