"""Texts, dates and durations in the reader's language. The source language is English."""

from config.i18n.translator import LANGUAGES, Translator, language_of, translator

__all__ = ["LANGUAGES", "Translator", "language_of", "translator"]
