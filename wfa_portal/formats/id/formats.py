"""Indonesian dates with the month in full: "1 Agustus 2025", never "1 Agu. 2025"."""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y, H.i"
TIME_FORMAT = "H.i"
# What a browser's date field sends comes first; then what people type.
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d %B %Y"]
