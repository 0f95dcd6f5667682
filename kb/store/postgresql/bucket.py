"""The original bytes of every document in a store that speaks S3, by their SHA-256: the one door to boto3.

Owns what is in the bucket and when it goes. A document's row is the truth: what the bucket has more is taken out by
whoever writes next.
"""

import base64
import hashlib
from contextlib import suppress
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, PartialCredentialsError

from kb.records.errors import BaseError, NotFoundError
from kb.records.messages import Message, say
from kb.store.postgresql.connections import PostgresConnections
from kb.store.tables.cells import Cell, name

# Buckets by their path, not by a host name of their own: stores beside AWS's have none.
_SETTINGS = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"total_max_attempts": 2, "mode": "standard"},
    s3={"addressing_style": "path"},
)
_LOST = ("NoSuchKey", "404")
_REFUSED = ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "403")
_SHA256 = Cell("originals", "sha256", name)


class BucketOriginals:
    """Originals of an open base in a bucket (``s3://bucket/prefix``), reached as AWS's own variables say.

    Nothing is asked of the bucket before an original is. What is discarded goes once the transaction is committed;
    until then, and while the bucket cannot be reached, its hash stands in the table ``originals``.
    """

    def __init__(self, connections: PostgresConnections, place: str) -> None:
        self._connections = connections
        self._place = place
        self._bucket, _, prefix = place.removeprefix("s3://").partition("/")
        self._prefix = f"{prefix}/" if prefix else ""
        self._made: Any = None
        if not connections.read_only and connections.fetch("SELECT sha256 FROM originals LIMIT 1", (), _SHA256):
            self._take_out()

    @property
    def _client(self) -> Any:
        if self._made is None:
            self._made = boto3.Session().client("s3", config=_SETTINGS)
        return self._made

    def _named(self, sha256: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": f"{self._prefix}{sha256[:2]}/{sha256}"}

    def keep(self, data: bytes) -> str:
        """Write the bytes durably; returns their SHA-256 in hex. BaseError, naming the bucket, where it refuses."""
        digest = hashlib.sha256(data)
        sha256, checksum = digest.hexdigest(), base64.b64encode(digest.digest()).decode()
        with self._connections.write() as connection:
            connection.execute("DELETE FROM originals WHERE sha256 = ?", (sha256,))
            try:
                self._client.put_object(**self._named(sha256), Body=data, ChecksumSHA256=checksum)
            except (BotoCoreError, ClientError, ValueError) as error:
                raise self._failed(error) from None
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes with this SHA-256; NotFoundError if not kept, BaseError if they changed or cannot be had."""
        original = say("original", sha256=sha256)
        try:
            data: bytes = self._client.get_object(**self._named(sha256))["Body"].read()
        except (BotoCoreError, ClientError, ValueError) as error:
            if _code(error) in _LOST:
                raise NotFoundError(original, say("is_not_in_bucket", place=self._place), _PUT_BACK) from None
            raise self._failed(error) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BaseError(original, say("was_changed_in_bucket", place=self._place), _PUT_BACK)
        return data

    def fault_of(self, sha256: str) -> str | None:
        """Why the bytes with this SHA-256 cannot be had, as the end of a sentence; null when they are whole."""
        try:
            with suppress(BotoCoreError, ClientError, ValueError):  # what is the matter is told by reading
                head = self._client.head_object(**self._named(sha256), ChecksumMode="ENABLED")
                if head.get("ChecksumSHA256") == base64.b64encode(bytes.fromhex(sha256)).decode():
                    return None
            self.get(sha256)
        except (BaseError, NotFoundError) as error:
            return error.reason
        return None

    def discard(self, sha256: str) -> None:
        """Inside a transaction, have the bytes go once it is committed."""
        with self._connections.write() as connection:
            connection.execute("INSERT INTO originals VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING", (sha256, b""))
        self._connections.afterwards(self._take_out)

    def _take_out(self) -> None:
        """Take out of the bucket what no document has any more; what cannot be now goes with a later call."""
        query = "SELECT sha256 FROM originals"
        with suppress(BaseError), self._connections.write() as connection:  # nobody adds a document meanwhile
            for (sha256,) in connection.execute(query).fetchall():
                used = connection.execute("SELECT 1 FROM documents WHERE sha256 = ?", (sha256,)).fetchone()
                try:
                    if used is None:
                        self._client.delete_object(**self._named(sha256))
                except (BotoCoreError, ClientError, ValueError):
                    return
                connection.execute("DELETE FROM originals WHERE sha256 = ?", (sha256,))

    def _failed(self, error: Exception) -> BaseError:
        """Why the bucket gave no answer or a refusal, by what it is called alone: what boto3 says can hold a key."""
        bucket, code = say("bucket_of_originals", place=self._place), _code(error)
        if isinstance(error, NoCredentialsError | PartialCredentialsError):
            return BaseError(bucket, say("no_key_for_it_is_set"), _SET_KEY)
        if code == "NoSuchBucket":
            return BaseError(bucket, say("there_is_no_such_bucket"), say("make_the_bucket"))
        if code in _REFUSED:
            return BaseError(bucket, say("its_server_refuses_the_key"), _SET_KEY)
        if code:
            return BaseError(bucket, say("its_server_answers", code=code), say("start_it_or_look_at_endpoint"))
        return BaseError(bucket, say("its_server_cannot_be_reached"), say("start_it_or_look_at_endpoint"))


_SET_KEY: Message = say("set_the_key_of_aws")
_PUT_BACK: Message = say("ingest_it_again_or_copy_it_back")


def _code(error: Exception) -> str:
    """The code of a refusal, such as "NoSuchKey"; empty where no server answered."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""
