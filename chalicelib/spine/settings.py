"""The environment of the functions, read once and checked."""

import os
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

LOCAL = "local"


@dataclass(frozen=True)
class Settings:
    """Where this deployment's parts are. Every value comes from a variable `BINOME_…`."""

    stage: str
    table: str
    keys_table: str
    kms_key: str
    public_url: str
    mail_from: str
    webhook_queue_url: str
    due_queue_url: str
    tenant_role: str
    region: str

    @property
    def is_local(self) -> bool:
        """True on a laptop and in CI, where there is no IAM and mail stays in the house."""
        return self.stage == LOCAL


@cache
def settings() -> Settings:
    """Read the environment; fail at start rather than at the first use of a missing time zone."""
    ZoneInfo("Europe/Paris")
    read = os.environ.get
    return Settings(
        stage=read("BINOME_STAGE", "production"),
        table=read("BINOME_TABLE", "binome-domain"),
        keys_table=read("BINOME_KEYS_TABLE", "binome-wrapped-keys"),
        kms_key=read("BINOME_KMS_KEY", ""),
        public_url=read("BINOME_PUBLIC_URL", "").rstrip("/"),
        mail_from=read("BINOME_MAIL_FROM", "ne-pas-repondre@binome.example"),
        webhook_queue_url=read("BINOME_WEBHOOK_QUEUE_URL", ""),
        due_queue_url=read("BINOME_DUE_QUEUE_URL", ""),
        tenant_role=read("BINOME_TENANT_ROLE", ""),
        region=read("AWS_REGION", read("AWS_DEFAULT_REGION", "eu-west-3")),
    )
