"""Why bytes are not taken as evidence, or evidence is not shown."""

from domain.refusal import Refusal


class EvidenceTypeRefused(Refusal):
    """This is none of the types that are taken as evidence: {allowed}."""

    code = "EVIDENCE_TYPE_REFUSED"


class EvidenceTypeDiffers(Refusal):
    """These bytes are {media_type}, not what they were said to be."""

    code = "EVIDENCE_TYPE_DIFFERS"


class EvidenceTooLarge(Refusal):
    """A piece of evidence has at most {most} bytes."""

    code = "EVIDENCE_TOO_LARGE"


class EvidenceUnreadable(Refusal):
    """This cannot be shown as {media_type}: it is broken, or has too many pixels."""

    code = "EVIDENCE_UNREADABLE"


class EvidenceDiffers(Refusal):
    """What arrived has not the sha256 that was announced; send it again."""

    code = "EVIDENCE_DIFFERS"


class EvidenceOnlyOriginal(Refusal):
    """Evidence of the type {media_type} is shown only to those who may see the original."""

    code = "EVIDENCE_ONLY_ORIGINAL"


class EvidenceErased(Refusal):
    """This evidence was erased together with the key of its case."""

    code = "EVIDENCE_ERASED"


class EvidenceDamaged(Refusal):
    """This evidence is missing, or not as it was stored; whoever runs the service must know."""

    code = "EVIDENCE_DAMAGED"


class EvidenceStoreUnusable(Refusal):
    """Evidence can be neither stored nor read at the moment; try again."""

    code = "EVIDENCE_STORE_UNUSABLE"
