"""British and American spellings, singular and plural: the forms a searcher forgets.

PRESS 2015 (McGowan et al., J Clin Epidemiol 2016;75:40-6), "Text word searching": "Does the search
include all spelling variants in free text (e.g., UK vs. US spelling)?"

Variants come from lists of real pairs, whole words or beginnings of words, never from a rule for letters:
a rule invents words (`imageing`).
"""

from __future__ import annotations

import re
from functools import lru_cache

# Beginnings of words, British then American; what follows is the same in both.
_BEGINNINGS = """
tumour tumor|colour color|behaviour behavior|labour labor|odour odor|favour favor|neighbour neighbor
rigour rigor|vapour vapor|humour humor|harbour harbor|flavour flavor|honour honor|rumour rumor
haematolog hematolog|haematopo hematopo|haematoma hematoma|haemato hemato|haematuria hematuria
haematocrit hematocrit|haemoglobin hemoglobin|haemorrh hemorrh|haemo hemo|haemangio hemangio|haemat hemat
haem hem|anaemi anemi|leukaemi leukemi|leucaemi leukemi|ischaemi ischemi|ischaem ischem|bacteraemi bacteremi
septicaemi septicemi|pyaemi pyemi|toxaemi toxemi|uraemi uremi|viraemi viremi|fungaemi fungemi
candidaemi candidemi|parasitaemi parasitemi|glycaemi glycemi|hyperglycaemi hyperglycemi
hypoglycaemi hypoglycemi|normoglycaemi normoglycemi|dysglycaemi dysglycemi|hyperlipidaemi hyperlipidemi
dyslipidaemi dyslipidemi|hypercholesterolaemi hypercholesterolemi|triglyceridaemi triglyceridemi
hypertriglyceridaemi hypertriglyceridemi|hyperkalaemi hyperkalemi|hypokalaemi hypokalemi
hypernatraemi hypernatremi|hyponatraemi hyponatremi|hypercalcaemi hypercalcemi|hypocalcaemi hypocalcemi
hypophosphataemi hypophosphatemi|hyperphosphataemi hyperphosphatemi|hypomagnesaemi hypomagnesemi
hyperuricaemi hyperuricemi|hyperinsulinaemi hyperinsulinemi|hyperbilirubinaemi hyperbilirubinemi
hyperammonaemi hyperammonemi|hyperhomocysteinaemi hyperhomocysteinemi|hypoalbuminaemi hypoalbuminemi
hypoxaemi hypoxemi|acidaemi acidemi|alkalaemi alkalemi|thalassaemi thalassemi|polycythaemi polycythemi
erythraemi erythremi|hypovolaemi hypovolemi|hypervolaemi hypervolemi|galactosaemi galactosemi
tyrosinaemi tyrosinemi|agammaglobulinaemi agammaglobulinemi|hypogammaglobulinaemi hypogammaglobulinemi
cryoglobulinaemi cryoglobulinemi|macroglobulinaemi macroglobulinemi|methaemoglobin methemoglobin
oxyhaemoglobin oxyhemoglobin|azotaemi azotemi|ketonaemi ketonemi|hyperprolactinaemi hyperprolactinemi
anaesthe anesthe|anaesthet anesthet|paraesthe paresthe|dysaesthe dysesthe|hypoaesthe hypoesthe
aesthetic esthetic|aetiolog etiolog|aetiopath etiopath|oedema edema|oedemat edemat|lymphoedema lymphedema
myxoedema myxedema|oesophag esophag|oesoph esoph|gastrooesophag gastroesophag
oestrogen estrogen|oestradiol estradiol|oestriol estriol|oestrus estrus|oestr estr|foetal fetal|foetus fetus
foeto feto|faeces feces|faecal fecal|faecalith fecalith|caecum cecum|caecal cecal|caecostom cecostom
paediatr pediatr|paed ped|orthopaed orthoped|gynaecolog gynecolog|gynaecomast gynecomast|gynaec gynec
diarrhoea diarrhea|steatorrhoea steatorrhea|amenorrhoea amenorrhea|dysmenorrhoea dysmenorrhea
menorrhoea menorrhea|oligomenorrhoea oligomenorrhea|galactorrhoea galactorrhea|gonorrhoea gonorrhea
rhinorrhoea rhinorrhea|seborrhoea seborrhea|logorrhoea logorrhea|pyorrhoea pyorrhea|otorrhoea otorrhea
dyspnoea dyspnea|apnoea apnea|hypopnoea hypopnea|tachypnoea tachypnea|orthopnoea orthopnea
coeliac celiac|coeliotom celiotom|coelom celom
leucocyt leukocyt|leucopeni leukopeni|leucodystroph leukodystroph
leucoencephalo leukoencephalo|leucoplaki leukoplaki
leucorrhoea leukorrhea|sulphat sulfat|sulphonamid sulfonamid
sulphonylurea sulfonylurea|sulphasalazin sulfasalazin|sulphid sulfid|sulphur sulfur|sulph sulf
homoeopath homeopath|homoeosta homeosta|palaeo paleo
caesarean cesarean|caesarian cesarian|encyclopaed encycloped
manoeuvr maneuver|mould mold|aluminium aluminum
artefact artifact|judgement judgment|acknowledgement acknowledgment
counsell counsel|diarrhoeal diarrheal|neuroanaesth neuroanesth|naevus nevus|naevi nevi
taenia tenia|trachoeostom tracheostom|ageing aging|catalogue catalog|analogue analog|dialogue dialog
programme program|grey gray|hyperaemi hyperemi|hyperaesthe hyperesthe|synaesthe synesthe|kinaesthe kinesthe
haemodialys hemodialys
"""
# Whole words, British then American.
_WORDS = """
fibre fiber|fibres fibers|centre center|centres centers|centred centered|multicentre multicenter
titre titer|titres titers|litre liter|litres liters|millilitre milliliter|metre meter|metres meters
centimetre centimeter|centimetres centimeters|millimetre millimeter|millimetres millimeters
kilometre kilometer|theatre theater|theatres theaters|calibre caliber|goitre goiter|goitres goiters
meagre meager|labelled labeled|labelling labeling|modelled modeled|modelling modeling
signalling signaling|counselling counseling|counsellor counselor|counsellors counselors|travelling traveling
travellers travelers|traveller traveler|fuelled fueled|tunnelled tunneled|cancelled canceled
defence defense|defences defenses|offence offense|licence license
paralyse paralyze|paralysed paralyzed|paralysing paralyzing|analyse analyze|analysed analyzed
analysing analyzing|analyser analyzer|analysers analyzers|dialyse dialyze|dialysed dialyzed
dialysing dialyzing|dialyser dialyzer|dialysers dialyzers|catalyse catalyze|catalysed catalyzed
catalysing catalyzing|hydrolyse hydrolyze|hydrolysed hydrolyzed|haemolysed hemolyzed|fulfil fulfill
enrol enroll|enrolment enrollment|instalment installment|instil instill|skilful skillful|wilful willful
plough plow|draught draft|tyre tire|sceptic skeptic|sceptical skeptical|disc disk|discs disks
foetid fetid|orthopaedics orthopedics|gynaecology gynecology|pyjamas pajamas
"""
# Stems of verbs in -ise and -ize; not every word in -ise has a twin (exercise, rise, precise).
_ISE = (
    "anaesthet|anesthet|categor|character|chemoembol|colon|computer|crystall|digit|embol|fertil|general"
    "|hospital|hybrid|hypothes|immun|individual|initial|local|maxim|metabol|minim|mobil|neutral|normal"
    "|optim|organ|personal|polar|priorit|random|real|recogn|revascular|sensit|special|stabil|standard"
    "|steril|summar|synthes|util|vascular|visual|desensit|demineral|mineral|decolon|recanal|canal|cauter"
    "|catheter|emphas|equal|external|internal|final|formal|institutional|ion|legal|material|marginal|medical"
    "|national|natural|oxid|penal|pressur|rational|reorgan|social|stigmat|symbol|traumat|urban|victim"
    "|weapon|conceptual|contextual|deinstitutional|depersonal|hormon|hypersensit|immobil|industrial"
    "|keratin|lateral|memor|moistur|monopol|motor|operational|palatal|patron|psycholog|scrutin|simil"
)
_ISE_RULE = re.compile(rf"((?:re|de|un|non|pre|over|under|auto)?(?:{_ISE})i)([sz])"
                       r"(e|ed|es|er|ers|ing|ation|ations|ational|able|\*)?\Z")  # fmt: skip
_NOT_PLURAL = ("ss", "us", "is", "ics", "itis")
_NOUN = re.compile(
    r"(oma|our|tumor|cancer|neoplasm|tion|sion|ment|sis|disease|trial|study|patient|therapy|gram|pathy|tomy"
    r"|scopy|agent|inhibitor|antagonist|agonist|blocker|antibiotic|disorder|syndrome|injury|ulcer|analog"
    r"|analogue|lesion|cell|nodule|polyp|fracture|stroke|seizure|vaccine|drug|hormone|virus|child|woman"
    r"|infant|adolescent|adult|surgeon|physician|nurse|doctor|hospital|clinic|carcinoid|insulinoma)\Z"
)
_IRREGULAR = {"child": "children", "woman": "women", "man": "men", "mouse": "mice", "foot": "feet"}


def _pairs(text: str) -> dict[str, str]:
    """Each form with its twin, both ways."""
    found: dict[str, str] = {}
    for pair in text.replace("\n", "|").split("|"):
        if pair.strip():
            british, american = pair.split()
            if british != american:
                found.setdefault(british, american)
                found.setdefault(american, british)
    return found


_BY_BEGINNING = _pairs(_BEGINNINGS)
_BY_WORD = _pairs(_WORDS)
_BY_LENGTH = sorted({len(beginning) for beginning in _BY_BEGINNING}, reverse=True)
# American beginnings that also begin words of another origin: the twin holds only before these letters.
_ONLY_BEFORE = {
    "hem": r"(at|ang|og|or|op|ost|od)", "hemo": r"(g|r|p|s|d|t|l|c|f|v|z)",
    "ped": r"iatr", "estr": r"(o|a|i|us)",
    "sulf": r"\w", "color": r"(?!ad)", "mold": r"(s|y|ed|ing|\Z)", "gray": r"\Z", "program": r"s?\Z",
    "counsel": r"(ing|or|ors|led|ed)\Z", "labor": r"(?!at)",
    "rigor": r"\Z", "analog": r"s?\Z", "dialog": r"s?\Z",
    "catalog": r"s?\Z", "fetal": r"", "aging": r"\Z", "ageing": r"\Z", "grey": r"\Z", "maneuver": r"s?\Z",
    "programme": r"s?\Z", "counsell": r"(ing|or|ors|ed)\Z", "manoeuvr": r"es?\Z", "vapor": r"(?!iz|is)",
    "odor": r"(?!i)", "humor": r"(?!al)", "rumor": r"", "labour": r"", "colour": r"", "honor": r"(?!ar)",
    "glycemi": r"", "esthetic": r"", "check": r"\Z", "tenia": r"", "precox": r"\Z", "foeto": r"", "feto": r"",
}  # fmt: skip


@lru_cache(maxsize=16384)
def other_spellings(word: str) -> tuple[str, ...]:
    """The British or American twin of a normalised word (`*` may end it); () when it has none."""
    if (twin := _BY_WORD.get(word)) is not None:
        return (twin,)
    if match := _ISE_RULE.match(word):
        return (match[1] + ("z" if match[2] == "s" else "s") + (match[3] or ""),)
    for length in _BY_LENGTH:
        twin = _BY_BEGINNING.get(word[:length])
        if twin is None:
            continue
        rest = word[length:]
        only = _ONLY_BEFORE.get(word[:length])
        if only is not None and not re.match(only, rest.rstrip("*")):
            return ()
        if word[:length] == "maneuver":
            return ("manoeuvre" + rest,)
        if word[:length] == "manoeuvr":
            return ("maneuver" + rest.removeprefix("e"),)
        return (twin + rest,)
    return ()


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
