"""The letters that databases write in more than one way, as every room must read them."""

# What a source writes -> the word of PubMed's index.
LETTERS = {
    "Grønbæk": "gronbaek", "Gronbæk": "gronbaek", "GRØNBÆK": "gronbaek", "Łukasz": "lukasz",
    "Đorđević": "dordevic", "Weiß": "weiss", "WEIẞ": "weiss", "Þórður": "thordur", "Għarghur": "gharghur",
    "Işık": "isik", "İnan": "inan", "œsophage": "oesophage", "Müller": "muller", "Ågren": "agren",
    "Nguyễn": "nguyen", "Škoda": "skoda", "Çelik": "celik", "Señorita": "senorita", "Ŧarvi": "tarvi",
    "βcell": "betacell", "Βcell": "betacell", "Δcell": "deltacell", "λphage": "lambdaphage",
    "Γglobin": "gammaglobin", "μgram": "mugram", "µgram": "mugram", "ϑwave": "thetawave",
    "fi\u0301bre": "fibre", "e\u0301tude": "etude", "A\u030agren": "agren", "ﬁbroblast": "fibroblast",
    "eﬄuent": "effluent", "Ĳsselmeer": "ijsselmeer", "ＡＢＣDE": "abcde", "Ⅳstage": "ivstage",
    "𝛽carotene": "betacarotene", "pan\u00adcreas": "pancreas", "tu\u200bmour": "tumour",
}  # fmt: skip
