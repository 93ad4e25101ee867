"""PubMed's query language: parsed with spans, linted, evaluated over records, counted, explained."""
