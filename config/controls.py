"""Controls of ISO/IEC 27001:2022 Annex A that steps give evidence for: ids and short titles only."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Control:
    """One control; the id is stable, the German wording differs between editions."""

    id: str
    title_en: str
    title_de: str

    def title(self, language: str) -> str:
        """The title in this language; English for every language but German."""
        return self.title_de if language.startswith("de") else self.title_en


_TITLES: Final = (
    ("A.5.1", "Policies for information security", "Informationssicherheitspolitik und -richtlinien"),
    (
        "A.5.2",
        "Information security roles and responsibilities",
        "Informationssicherheitsrollen und -verantwortlichkeiten",
    ),
    ("A.5.3", "Segregation of duties", "Aufgabentrennung"),
    ("A.5.4", "Management responsibilities", "Verantwortlichkeiten der Leitung"),
    ("A.5.5", "Contact with authorities", "Kontakt mit Behörden"),
    ("A.5.7", "Threat intelligence", "Informationen über die Bedrohungslage"),
    ("A.5.8", "Information security in project management", "Informationssicherheit im Projektmanagement"),
    ("A.5.18", "Access rights", "Zugangsrechte"),
    ("A.5.19", "Information security in supplier relationships", "Informationssicherheit in Lieferantenbeziehungen"),
    (
        "A.5.20",
        "Addressing information security within supplier agreements",
        "Behandlung von Informationssicherheit in Lieferantenvereinbarungen",
    ),
    (
        "A.5.21",
        "Managing information security in the information and communication technology (ICT) supply chain",
        (
            "Umgang mit der Informationssicherheit in der Lieferkette"
            " der Informations- und Kommunikationstechnologie (IKT)"
        ),
    ),
    (
        "A.5.22",
        "Monitoring, review and change management of supplier services",
        "Überwachung, Überprüfung und Änderungsmanagement von Lieferantendienstleistungen",
    ),
    (
        "A.5.23",
        "Information security for use of cloud services",
        "Informationssicherheit für die Nutzung von Cloud-Diensten",
    ),
    (
        "A.5.24",
        "Information security incident management planning and preparation",
        "Planung und Vorbereitung der Handhabung von Informationssicherheitsvorfällen",
    ),
    (
        "A.5.25",
        "Assessment and decision on information security events",
        "Beurteilung und Entscheidung über Informationssicherheitsereignisse",
    ),
    ("A.5.26", "Response to information security incidents", "Reaktion auf Informationssicherheitsvorfälle"),
    ("A.5.27", "Learning from information security incidents", "Erkenntnisse aus Informationssicherheitsvorfällen"),
    ("A.5.28", "Collection of evidence", "Sammeln von Beweismaterial"),
    ("A.5.29", "Information security during disruption", "Informationssicherheit bei Störungen"),
    ("A.5.30", "ICT readiness for business continuity", "IKT-Bereitschaft für Business Continuity"),
    (
        "A.5.31",
        "Legal, statutory, regulatory and contractual requirements",
        "Juristische, gesetzliche, regulatorische und vertragliche Anforderungen",
    ),
    ("A.5.33", "Protection of records", "Schutz von Aufzeichnungen"),
    (
        "A.5.34",
        "Privacy and protection of personal identifiable information (PII)",
        "Datenschutz und Schutz von personenbezogenen Daten (PbD)",
    ),
    ("A.5.35", "Independent review of information security", "Unabhängige Überprüfung der Informationssicherheit"),
    (
        "A.5.36",
        "Compliance with policies, rules and standards for information security",
        "Einhaltung von Richtlinien, Vorschriften und Normen für die Informationssicherheit",
    ),
    ("A.5.37", "Documented operating procedures", "Dokumentierte Betriebsabläufe"),
    (
        "A.6.3",
        "Information security awareness, education and training",
        "Informationssicherheitsbewusstsein, -ausbildung und -schulung",
    ),
    ("A.6.4", "Disciplinary process", "Maßregelungsprozess"),
    (
        "A.6.5",
        "Responsibilities after termination or change of employment",
        "Verantwortlichkeiten bei Beendigung oder Änderung der Beschäftigung",
    ),
    ("A.6.8", "Information security event reporting", "Meldung von Informationssicherheitsereignissen"),
    ("A.8.2", "Privileged access rights", "Privilegierte Zugangsrechte"),
    ("A.8.4", "Access to source code", "Zugriff auf den Quellcode"),
    ("A.8.8", "Management of technical vulnerabilities", "Handhabung von technischen Schwachstellen"),
    ("A.8.9", "Configuration management", "Konfigurationsmanagement"),
    ("A.8.13", "Information backup", "Sicherung von Informationen"),
    ("A.8.15", "Logging", "Protokollierung"),
    ("A.8.16", "Monitoring activities", "Überwachung von Aktivitäten"),
    ("A.8.17", "Clock synchronization", "Uhrensynchronisation"),
    ("A.8.19", "Installation of software on operational systems", "Installation von Software auf Systemen im Betrieb"),
    ("A.8.25", "Secure development life cycle", "Lebenszyklus einer sicheren Entwicklung"),
    ("A.8.26", "Application security requirements", "Anforderungen an die Anwendungssicherheit"),
    (
        "A.8.27",
        "Secure system architecture and engineering principles",
        "Sichere Systemarchitektur und Entwicklungsgrundsätze",
    ),
    ("A.8.28", "Secure coding", "Sichere Codierung"),
    ("A.8.29", "Security testing in development and acceptance", "Sicherheitsprüfung bei Entwicklung und Abnahme"),
    ("A.8.30", "Outsourced development", "Ausgegliederte Entwicklung"),
    (
        "A.8.31",
        "Separation of development, test and production environments",
        "Trennung von Entwicklungs-, Test- und Produktionsumgebungen",
    ),
    ("A.8.32", "Change management", "Änderungssteuerung"),
    ("A.8.33", "Test information", "Testdaten"),
    (
        "A.8.34",
        "Protection of information systems during audit testing",
        "Schutz der Informationssysteme während Tests im Rahmen von Audits",
    ),
)

CONTROLS: Final[Mapping[str, Control]] = MappingProxyType({entry[0]: Control(*entry) for entry in _TITLES})
"""Every control by its id, in the order of the standard."""
