"""British and American spellings, singular and plural: the forms a searcher forgets.

PRESS 2015 (McGowan et al., J Clin Epidemiol 2016;75:40-6), "Text word searching": "Does the search
include all spelling variants in free text (e.g., UK vs. US spelling)?"
"""

from __future__ import annotations

import re
from functools import lru_cache

# British part, American part; where the part must begin the word it starts with ^.
_PAIRS: tuple[tuple[str, str], ...] = (
    ("tumour", "tumor"), ("colour", "color"), ("behaviour", "behavior"), ("labour", "labor"),
    ("odour", "odor"), ("favour", "favor"), ("neighbour", "neighbor"), ("rigour", "rigor"),
    ("vapour", "vapor"), ("^haem", "^hem"), ("aemia", "emia"), ("aemic", "emic"), ("^anaesth", "^anesth"),
    ("^aetiol", "^etiol"), ("^oedema", "^edema"), ("oedema", "edema"), ("^oesoph", "^esoph"),
    ("oesophag", "esophag"), ("^oestr", "^estr"), ("^foet", "^fet"), ("^faec", "^fec"), ("^caec", "^cec"),
    ("^paed", "^ped"), ("orthopaed", "orthoped"), ("gynaec", "gynec"), ("diarrhoea", "diarrhea"),
    ("rrhoea", "rrhea"), ("haemorrh", "hemorrh"), ("dyspnoea", "dyspnea"), ("apnoea", "apnea"),
    ("coeliac", "celiac"), ("leucocyt", "leukocyt"), ("leukaem", "leukem"), ("ischaem", "ischem"),
    ("sulph", "sulf"), ("fibre", "fiber"), ("centre", "center"), ("titre", "titer"), ("litre", "liter"),
    ("metre", "meter"), ("theatre", "theater"), ("analogue", "analog"), ("catalogue", "catalog"),
    ("dialogue", "dialog"), ("programme", "program"), ("ageing", "aging"), ("judgement", "judgment"),
    ("labelled", "labeled"), ("labelling", "labeling"), ("modelling", "modeling"),
    ("counselling", "counseling"), ("counsellor", "counselor"), ("signalling", "signaling"),
    ("paralyse", "paralyze"), ("analyse", "analyze"), ("dialyse", "dialyze"), ("isation", "ization"),
    ("manoeuvre", "maneuver"), ("mould", "mold"), ("grey", "gray"), ("homoeopath", "homeopath"),
    ("practise", "practice"), ("defence", "defense"), ("^caesar", "^cesar"), ("palaeo", "paleo"),
    ("encyclopaed", "encycloped"), ("bacteraem", "bacterem"), ("septicaem", "septicem"),
)  # fmt: skip
# Verbs in -ise/-ize, by stem: not every word in -ise has a twin (exercise, rise, precise).
_ISE = (
    "anaesthet|anesthet|categor|character|chemoembol|colon|computer|crystall|digit|embol|fertil|general"
    "|hospital|hybrid|hypothes|immun|individual|initial|local|maxim|metabol|minim|mobil|neutral|normal"
    "|optim|organ|personal|polar|priorit|random|real|recogn|revascular|sensit|special|stabil|standard"
    "|steril|summar|synthes|util|vascular|visual"
)
_ISE_RULE = re.compile(r"(" + _ISE + r")i([sz])(e|ed|es|er|ers|ing)\Z")
_NOT_PLURAL = ("ss", "us", "is", "ics", "itis")
_NOUN = re.compile(
    r"(oma|our|tumor|cancer|neoplasm|tion|sion|ment|sis|disease|trial|study|patient|therapy|gram|pathy|tomy"
    r"|scopy|agent|inhibitor|antagonist|agonist|blocker|antibiotic|disorder|syndrome|injury|ulcer|analog"
    r"|analogue|lesion|cell|nodule|polyp|fracture|stroke|seizure|vaccine|drug|hormone|virus|child|woman"
    r"|infant|adolescent|adult|surgeon|physician|nurse|doctor|hospital|clinic|carcinoid|insulinoma)\Z"
)
_IRREGULAR = {"child": "children", "woman": "women", "man": "men", "mouse": "mice", "foot": "feet"}


@lru_cache(maxsize=16384)
def other_spellings(word: str) -> tuple[str, ...]:
    """The British or American twins of a normalised word, sorted; () when it has none."""
    found: set[str] = set()
    for british, american in _PAIRS:
        for here, there in ((british, american), (american, british)):
            anchored = here.startswith("^")
            part, other = here.lstrip("^"), there.lstrip("^")
            if anchored and not word.startswith(part):
                continue
            if part in word and other not in word:
                found.add(word.replace(part, other, 1))
    if match := _ISE_RULE.search(word):
        found.add(word[: match.start(2)] + ("z" if match[2] == "s" else "s") + word[match.end(2) :])
    return tuple(sorted(form for form in found if _plausible(word, form)))


def _plausible(word: str, form: str) -> bool:
    """Whether an American beginning such as `hem` or `ped` really is the twin of `haem`, `paed`."""
    if form == word:
        return False
    for british, american in (
        ("haem", "hem"),
        ("paed", "ped"),
        ("foet", "fet"),
        ("faec", "fec"),
        ("caec", "cec"),
    ):
        if word.startswith(american) and form.startswith(british):
            stem = word[len(american) :]
            return bool(re.match(_STEMS[american], stem))
    if "aemi" in form and "emi" in word and "aemi" not in word:
        return not re.search(r"(endemi|epidemi|academi|(?<!is)chemi|pandemi|hemi|semi|premi)", word)
    if ("meter" in word and "metre" in form) or ("liter" in word and "litre" in form):
        return bool(re.fullmatch(r"(centi|milli|kilo|micro|nano|deci)?(meter|liter)s?", word))
    if "gram" in word and "gramme" in form:
        return word in ("program", "programs")
    if word.startswith(("edema", "estr", "esoph", "etiol", "anesth", "cesar")):
        return True
    return not ("mold" in word and not re.match(r"molds?\Z", word))


_STEMS = {
    "hem": r"(at|o[a-z]|ang|in\b|agg|op|or|ost|odial)",
    "ped": r"iatr",
    "fet": r"(us|al)",
    "fec": r"(al|es)",
    "cec": r"(al|um)",
}


def other_number(word: str) -> str:
    """The plural of a singular noun or the singular of a plural; "" when neither rule fits."""
    for singular, plural in _IRREGULAR.items():
        if word.endswith(singular) and not word.endswith(plural):
            return word.removesuffix(singular) + plural
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    if len(word) < 4:
        return ""
    if word.endswith("sis"):
        return word[:-2] + "es"
    if word.endswith("ses") and word[:-2] + "is" in _known_sis(word):
        return word[:-2] + "is"
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(x|ch|sh|ss|z)es\Z", word):
        return word[:-2]
    if word.endswith("s") and not word.endswith(_NOT_PLURAL):
        return word[:-1]
    if re.search(r"[^aeiou]y\Z", word):
        return word[:-1] + "ies"
    if re.search(r"(s|x|ch|sh|z)\Z", word):
        return word + "es"
    return word + "s"


def _known_sis(word: str) -> tuple[str, ...]:
    """`metastases` has the singular `metastasis`, `diseases` has not."""
    return (word[:-2] + "is",) if re.search(r"(sta|no|ly|the|ro|op|ta|po|by|cri)ses\Z", word) else ()


def is_noun(word: str) -> bool:
    """Whether a word surely is a noun that is counted (by its ending), in the singular or the plural."""
    return bool(_NOUN.search(word) or (word.endswith("s") and _NOUN.search(other_number(word))))
