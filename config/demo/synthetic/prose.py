"""Invented titles and abstracts on the therapy of neuroendocrine tumours, and on what lies beside it.

The sentences read like the field's and report nothing: every number is drawn by the generator.
"""

from __future__ import annotations

from dataclasses import dataclass

from .article import Heading

# How the tumours are called: the phrase of the review's title, and the other names in use since 1995.
PHRASE = ("pancreatic neuroendocrine tumors",)
OTHER_NAMES = (
    "pancreatic endocrine tumors",
    "neuroendocrine carcinomas of the pancreas",
    "islet cell carcinomas",
    "islet cell tumors",
    "endocrine pancreatic tumors",
    "gastroenteropancreatic neuroendocrine tumors",
    "well-differentiated endocrine tumors of the pancreas",
    "malignant gastrinomas",
    "pancreatic neuroendocrine neoplasms",
)
MIXED_NAMES = (
    "neuroendocrine tumors",
    "carcinoid tumors",
    "neuroendocrine neoplasms",
    "midgut carcinoid tumors",
    "well-differentiated neuroendocrine carcinomas",
)

BACKGROUND = (
    "The best sequence of treatments for {tumors} is not settled.",
    "{Tumors} are uncommon and most series are small.",
    "Many patients with {tumors} have liver metastases when they are first seen.",
    "Systemic options for {spread} {tumors} were few until recently.",
    "The course of {spread} {tumors} varies widely between patients.",
    "Long survival is possible even in {spread} {tumors}.",
    "Evidence on {spread} {tumors} comes mainly from retrospective series.",
    "Hormonal symptoms add to the burden of {spread} {tumors}.",
)
CONCLUSION = (
    "{Therapy} is an option for selected patients and deserves a controlled comparison.",
    "{Therapy} gave durable control in a subset of patients.",
    "The benefit of {therapy} appears largest in low-grade disease.",
    "Comparison with other treatments in a prospective trial is warranted.",
    "{Therapy} can be offered with acceptable morbidity in experienced centers.",
    "Patient selection remains the main determinant of outcome after {therapy}.",
)


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A therapy: its titles, what was done, what was found, and how NLM would index it."""

    name: str
    therapy: str
    first_year: int
    titles: tuple[str, ...]
    methods: tuple[str, ...]
    results: tuple[str, ...]
    headings: tuple[Heading, ...]
    qualifier: str  # of the tumour headings
    substances: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()


TOPICS = (
    Topic(
        name="surgery",
        therapy="resection",
        first_year=1995,
        titles=(
            "Resection of liver metastases from {tumors}: results in {n} patients",
            "Surgical treatment of {spread} {tumors}: {years} years of experience",
            "Debulking surgery for {spread} {tumors}: is it worthwhile?",
            "Duodenocephalopancreasectomy with synchronous hepatectomy for {spread} {tumors}",
            "Long-term outcome after cytoreductive hepatectomy for {spread} {tumors}",
            "Resection of the primary in {tumors} with unresectable liver metastases",
        ),
        methods=(
            "The records of {n} consecutive patients who underwent pancreatectomy, hepatectomy or both"
            " for {spread} {tumors} were reviewed.",
            "Between {from_year} and {to_year}, {n} patients had resection of the primary tumor and of at"
            " least 90% of the metastatic burden.",
        ),
        results=(
            "Operative mortality was {low}% and major morbidity {mid}%.",
            "Five-year survival was {high}% after complete and {mid}% after incomplete resection.",
            "Symptoms were relieved in {high}% of patients with functioning tumors.",
            "Recurrence was seen in {high}% after a median of {months} months.",
        ),
        headings=(Heading(name="Pancreatectomy*"), Heading(name="Hepatectomy")),
        qualifier="surgery*",
        keywords=("hepatectomy", "debulking"),
    ),
    Topic(
        name="liver transplantation",
        therapy="liver transplantation",
        first_year=1996,
        titles=(
            "Liver transplantation for {spread} {tumors}: analysis of {n} cases",
            "Orthotopic liver transplantation in {tumors} with unresectable hepatic metastases",
            "Selection criteria for liver transplantation in {spread} {tumors}",
            "Recurrence after liver transplantation for hepatic metastases of {tumors}",
        ),
        methods=(
            "We analyzed {n} patients who received a liver transplant for unresectable hepatic metastases of"
            " {tumors}.",
            "Registry data on liver transplantation for {spread} {tumors} from {from_year} to {to_year} were"
            " studied.",
        ),
        results=(
            "Five-year overall survival was {high}% and disease-free survival {mid}%.",
            "A pancreatic primary and a Ki-67 index above {low}% predicted recurrence.",
            "Median follow-up was {months} months and {mid}% of patients remained free of disease.",
        ),
        headings=(Heading(name="Liver Transplantation*"),),
        qualifier="surgery*",
        keywords=("transplantation",),
    ),
    Topic(
        name="liver-directed therapy",
        therapy="liver-directed therapy",
        first_year=1995,
        titles=(
            "Hepatic arterial embolization for liver metastases of {tumors}",
            "Transarterial chemoembolization in {spread} {tumors}: response and survival",
            "Radioembolization with yttrium-90 microspheres for unresectable hepatic metastases of {tumors}",
            "Radiofrequency ablation of liver metastases from {tumors}: {years} years of follow-up",
            "Bland embolization or chemoembolization for {spread} {tumors}?",
        ),
        methods=(
            "In {n} patients with liver-dominant {spread} {tumors}, embolization or chemoembolization was"
            " repeated until arterial supply was occluded.",
            "Radioembolization with 90Y microspheres was given to {n} patients with unresectable hepatic"
            " metastases of {tumors}.",
        ),
        results=(
            "Radiologic response was seen in {high}% and symptomatic response in {high2}% of patients.",
            "Postembolization syndrome was the commonest adverse event ({mid}%).",
            "Median time to hepatic progression was {months} months.",
        ),
        headings=(
            Heading(name="Embolization, Therapeutic*", qualifiers=("methods",)),
            Heading(name="Catheter Ablation"),
        ),
        qualifier="therapy*",
        keywords=("embolization", "hepatic artery"),
    ),
    Topic(
        name="somatostatin analogues",
        therapy="treatment with a somatostatin analog",
        first_year=1995,
        titles=(
            "Octreotide LAR in patients with {spread} {tumors}",
            "Lanreotide for hormonal control in {spread} {tumors}: a multicenter study",
            "Antiproliferative effect of somatostatin analogs in {spread} {tumors}",
            "High-dose octreotide therapy in progressive {tumors}",
        ),
        methods=(
            "{n} patients with {spread} {tumors} were treated with octreotide LAR 30 mg every four weeks.",
            "Lanreotide was given every 28 days to {n} patients with documented progression of {tumors}.",
        ),
        results=(
            "Disease was stable in {high}% of patients after {months} months.",
            "Hormonal symptoms improved in {high}% of patients with functioning tumors.",
            "Gallstones formed in {low}% of patients; other adverse events were mild.",
        ),
        headings=(
            Heading(name="Octreotide", qualifiers=("therapeutic use*", "administration & dosage")),
            Heading(name="Somatostatin", qualifiers=("analogs & derivatives*",)),
        ),
        qualifier="drug therapy*",
        substances=("Octreotide", "Somatostatin", "lanreotide"),
        keywords=("octreotide",),
    ),
    Topic(
        name="PRRT",
        therapy="peptide receptor radionuclide therapy",
        first_year=1999,
        titles=(
            "Peptide receptor radionuclide therapy in {spread} {tumors}",
            "[<sup>177</sup>Lu-DOTA<sup>0</sup>,Tyr<sup>3</sup>]octreotate in {spread} {tumors}: efficacy and"
            " survival",
            "<sup>90</sup>Y-DOTATOC therapy of {spread} {tumors}: a phase II study",
            "Renal toxicity after radiolabeled somatostatin analog therapy for {spread} {tumors}",
        ),
        methods=(
            "{n} patients with {spread} {tumors} and high uptake on octreotide scintigraphy received up to"
            " four cycles of (177)Lu-octreotate.",
            "Peptide receptor radionuclide therapy with (90)Y-DOTATOC was given to {n} patients with"
            " progressive {tumors}.",
        ),
        results=(
            "Complete or partial remission was found in {mid}% and stable disease in {high}%.",
            "Median time to progression was {months} months.",
            "Serious hematologic toxicity occurred in {low}% of patients.",
        ),
        headings=(
            Heading(name="Octreotide", qualifiers=("analogs & derivatives", "therapeutic use*")),
            Heading(name="Radiopharmaceuticals", qualifiers=("therapeutic use*",)),
            Heading(name="Receptors, Somatostatin"),
        ),
        qualifier="radiotherapy*",
        substances=("Octreotide", "Radiopharmaceuticals", "edotreotide"),
        keywords=("PRRT",),
    ),
    Topic(
        name="chemotherapy",
        therapy="chemotherapy",
        first_year=1995,
        titles=(
            "Streptozocin and doxorubicin in {spread} {tumors}: a phase II trial",
            "Capecitabine and temozolomide in {spread} {tumors}",
            "Fluorouracil, doxorubicin and streptozocin for {spread} {tumors}: {n} patients",
            "Dacarbazine in {spread} {tumors}",
            "Second-line chemotherapy of {spread} {tumors}",
        ),
        methods=(
            "{n} patients with {spread} {tumors} received streptozocin with fluorouracil or doxorubicin.",
            "Patients with progressive {tumors} (n = {n}) were given oral capecitabine and temozolomide.",
        ),
        results=(
            "The objective response rate was {mid}% (95% CI, {low}% to {high}%).",
            "Median progression-free survival was {months} months.",
            "Grade 3 or 4 neutropenia was seen in {low}% of cycles.",
        ),
        headings=(
            Heading(name="Antineoplastic Combined Chemotherapy Protocols", qualifiers=("therapeutic use*",)),
            Heading(name="Streptozocin", qualifiers=("administration & dosage", "therapeutic use")),
        ),
        qualifier="drug therapy*",
        substances=("Streptozocin", "Fluorouracil", "Doxorubicin"),
        keywords=("cytotoxic drugs",),
    ),
    Topic(
        name="targeted therapy",
        therapy="targeted therapy",
        first_year=2006,
        titles=(
            "Everolimus in {spread} {tumors}: a randomized phase III study",
            "Sunitinib for {spread} {tumors}: safety and efficacy",
            "Targeted therapy of {spread} {tumors}: bevacizumab with temsirolimus",
            "RAD001 after failure of chemotherapy in {spread} {tumors}",
        ),
        methods=(
            "{n} patients with {spread} {tumors} and progression within 12 months were assigned to everolimus"
            " 10 mg daily or placebo.",
            "Sunitinib 37.5 mg daily was given to {n} patients with {spread} {tumors} until progression.",
        ),
        results=(
            "Median progression-free survival was {months} months with the study drug and {low} months with"
            " placebo.",
            "Objective response was confirmed in {low}% of patients.",
            "Stomatitis, diarrhea and fatigue were the commonest adverse events.",
        ),
        headings=(
            Heading(name="Protein Kinase Inhibitors", qualifiers=("therapeutic use*",)),
            Heading(name="Sirolimus", qualifiers=("analogs & derivatives", "therapeutic use")),
        ),
        qualifier="drug therapy*",
        substances=("Everolimus", "Sunitinib"),
        keywords=("mTOR",),
    ),
    Topic(
        name="interferon",
        therapy="interferon",
        first_year=1995,
        titles=(
            "Interferon alfa in {spread} {tumors}: a randomized comparison with octreotide",
            "Recombinant interferon alfa-2b in {spread} {tumors}",
            "Pegylated interferon for progressive {tumors}",
        ),
        methods=(
            "{n} patients with {spread} {tumors} were treated with interferon alfa three times a week.",
        ),
        results=(
            "Biochemical response was observed in {mid}% of patients.",
            "Tumor size decreased in {low}% and remained stable in {high}%.",
            "Treatment was stopped for fatigue or depression in {low}% of patients.",
        ),
        headings=(Heading(name="Interferon-alpha", qualifiers=("therapeutic use*",)),),
        qualifier="drug therapy*",
        substances=("Interferon-alpha",),
        keywords=("interferon alfa",),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Aside:
    """Records beside the topic: one title and abstract pattern with its indexing."""

    name: str
    shows: str
    titles: tuple[str, ...]
    sentences: tuple[str, ...]
    headings: tuple[Heading, ...]
    types: tuple[str, ...] = ("Journal Article",)


# Found by `sensitive` alone: spread or therapy is missing.
ONE_CONCEPT = (
    Aside(
        name="therapy without spread",
        shows="sensitive only; stage unclear",
        titles=(
            "Laparoscopic enucleation of insulinomas of the pancreas: {n} pancreatic endocrine tumors",
            "Surgery for small nonfunctioning pancreatic neuroendocrine tumors",
            "Management of pancreatic endocrine tumors in multiple endocrine neoplasia type 1",
        ),
        sentences=(
            "{n} patients had a pancreatic endocrine tumor smaller than 2 cm removed between {from_year} and"
            " {to_year}.",
            "Pancreatic fistula occurred in {mid}% of patients.",
            "No deaths occurred, and all patients were free of symptoms after {months} months.",
        ),
        headings=(
            Heading(name="Humans"),
            Heading(name="Pancreatic Neoplasms", qualifiers=("surgery*",)),
            Heading(name="Neuroendocrine Tumors", qualifiers=("surgery*",)),
        ),
    ),
    Aside(
        name="spread denied",
        shows="the words for spread are denied: stage unclear, a person decides",
        titles=("Surgical resection of localized pancreatic neuroendocrine tumors: {n} patients",),
        sentences=(
            "We studied {n} patients without distant metastases at diagnosis who underwent resection of a"
            " pancreatic neuroendocrine tumor.",
            "Ten-year survival was {high}% and no metastases were seen during follow-up.",
        ),
        headings=(
            Heading(name="Humans"),
            Heading(name="Pancreatic Neoplasms", qualifiers=("surgery*",)),
            Heading(name="Neuroendocrine Tumors", qualifiers=("surgery*",)),
        ),
    ),
    Aside(
        name="spread without therapy",
        shows="sensitive only; therapy unclear",
        titles=(
            "Chromogranin A as a prognostic marker in metastatic pancreatic endocrine tumors",
            "Ki-67 index and survival in metastatic neuroendocrine carcinoma of the pancreas",
            "Incidence of liver metastases in pancreatic neuroendocrine tumors: a registry study",
        ),
        sentences=(
            "Serum and tissue from {n} patients with metastatic disease were examined.",
            "Median survival was {months} months when the index was above {low}%.",
            "The marker was an independent predictor of death.",
        ),
        headings=(
            Heading(name="Humans"),
            Heading(name="Pancreatic Neoplasms", qualifiers=("pathology*",)),
            Heading(name="Neuroendocrine Tumors", qualifiers=("secondary",)),
        ),
    ),
)

# Found by `organ-wide` alone: series that do not name the pancreas on title and abstract.
MIXED_TOPICS = ("liver transplantation", "liver-directed therapy", "PRRT", "surgery", "interferon")

ANIMALS = Aside(
    name="animals only",
    shows="excluded: animals only",
    titles=(
        "Rapamycin delays progressive islet cell carcinoma in transgenic mice",
        "Antiangiogenic treatment of metastatic islet cell tumors in RIP1-Tag2 mice",
        "Sunitinib treatment and metastatic islet cell carcinoma in a mouse model",
    ),
    sentences=(
        "RIP1-Tag2 mice (n = {n}) develop islet cell carcinoma and were treated from week 10.",
        "Tumor volume fell by {high}% and advanced tumors were fewer.",
        "Treatment prolonged survival by {low} days.",
    ),
    headings=(
        Heading(name="Animals"),
        Heading(name="Mice, Transgenic"),
        Heading(name="Carcinoma, Islet Cell", qualifiers=("drug therapy*",)),
    ),
)

# Found by no strategy: words of the topic in another sense, and other diseases.
OFF_TOPIC = (
    Aside(
        name="primitive neuroectodermal",
        shows="pNET of another kind: no strategy may find it",
        titles=("Metastatic primitive neuroectodermal tumors (pNETs) in adults: chemotherapy and survival",),
        sentences=(
            "{n} adults with metastatic pNETs were treated with alternating chemotherapy.",
            "Three-year survival was {mid}%.",
        ),
        headings=(Heading(name="Humans"), Heading(name="Neuroectodermal Tumors, Primitive*")),
    ),
    Aside(
        name="pancreatic adenocarcinoma",
        shows="pancreas and spread, but adenocarcinoma",
        titles=(
            "Gemcitabine for metastatic pancreatic adenocarcinoma: {n} patients",
            "Palliative surgery in advanced adenocarcinoma of the pancreas",
        ),
        sentences=(
            "{n} patients with metastatic adenocarcinoma of the pancreas received gemcitabine.",
            "Median survival was {low} months.",
        ),
        headings=(
            Heading(name="Humans"),
            Heading(name="Pancreatic Neoplasms", qualifiers=("drug therapy*", "pathology")),
            Heading(name="Adenocarcinoma", qualifiers=("drug therapy*", "secondary")),
        ),
    ),
    Aside(
        name="streptozotocin diabetes",
        shows="streptozotocin as a poison, not as a treatment",
        titles=("Wound healing in streptozotocin-induced diabetic rats",),
        sentences=(
            "Diabetes was induced by streptozotocin in {n} rats.",
            "Healing was delayed by {low} days.",
        ),
        headings=(
            Heading(name="Animals"),
            Heading(name="Rats, Wistar"),
            Heading(name="Diabetes Mellitus, Experimental", qualifiers=("chemically induced",)),
        ),
    ),
    Aside(
        name="melanoma",
        shows="below Neuroendocrine Tumors in the MeSH tree, another disease",
        titles=("Interferon alfa in metastatic melanoma: a randomized trial",),
        sentences=("{n} patients with metastatic melanoma were randomized.", "Survival did not differ."),
        headings=(
            Heading(name="Humans"),
            Heading(name="Melanoma", qualifiers=("drug therapy*", "secondary")),
        ),
    ),
    Aside(
        name="hepatocellular",
        shows="liver-directed therapy of another tumour",
        titles=("Transarterial chemoembolization for unresectable hepatocellular carcinoma",),
        sentences=("{n} patients underwent chemoembolization.", "Two-year survival was {mid}%."),
        headings=(
            Heading(name="Humans"),
            Heading(name="Carcinoma, Hepatocellular", qualifiers=("therapy*",)),
            Heading(name="Chemoembolization, Therapeutic*"),
        ),
    ),
    Aside(
        name="imaging only",
        shows="octreotide as a tracer in a healthy population",
        titles=("Physiological uptake in octreotide scintigraphy",),
        sentences=("Scintigrams of {n} volunteers were read by two observers.", "Agreement was {high}%."),
        headings=(Heading(name="Humans"), Heading(name="Radionuclide Imaging")),
    ),
    Aside(
        name="response criteria",
        shows="cited by seeds, about no neuroendocrine tumour: excluded in the other lane",
        titles=("Criteria for measuring the response of solid tumors: a revision",),
        sentences=("Rules for measuring lesions are set out.", "They were tested in {n} trials."),
        headings=(Heading(name="Humans"), Heading(name="Treatment Outcome")),
        types=("Journal Article", "Guideline"),
    ),
)
