"""附件: each file is sealed while it arrives; its pieces go into the transaction of the request, sealed."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from yuanqing.kernel.sealing import store
from yuanqing.kernel.sealing.models import SealedPiece, SealedValue, SealingKey
from yuanqing.kernel.sealing.streaming import SealingStream

CHANNEL = "hotline"
MOST_FILES = 20
HELD = 2 << 20  # sealed bytes of a request that wait in memory; what is more goes into the database at once


class SealedFile(UploadedFile):  # type: ignore[type-arg]  # no generic at run time
    """A file that was sealed on its way in; there is nothing to read here."""

    def __init__(self, value: SealedValue, name: str, content_type: str, size: int) -> None:
        super().__init__(None, name, content_type, size)
        self.value = value

    @property
    def described(self) -> dict[str, Any]:
        return {"id": str(self.value.pk), "name": self.name, "type": self.content_type, "size": self.size}


class SealingUpload(FileUploadHandler):
    """Django's upload handler that never holds more than a few pieces of plaintext."""

    def __init__(
        self, request: HttpRequest, key: SealingKey, belongs_to: UUID, limit: int, begin: Callable[[], object]
    ) -> None:
        """`begin` opens the transaction that pieces are written in when they become too many to wait in memory."""
        super().__init__(request)
        self.begin = begin
        self.key, self.belongs_to, self.limit = key, belongs_to, limit
        self.total, self.files, self.is_too_much = 0, 0, False
        self.held: list[SealedPiece] = []
        self.is_kept = False  # whether pieces were written, so that the transaction of the request holds them
        self.stream: SealingStream | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.files += 1
        if self.files > MOST_FILES:
            self.is_too_much = True
            raise StopUpload(connection_reset=False)
        self.value = store.new_value(self.key, CHANNEL, self.belongs_to, "attachment")
        self.digest, self.position = sha256(), 0
        self.stream = SealingStream(store.context_of(self.value), self.key.public, self._take)

    def _take(self, piece: bytes) -> None:
        self.digest.update(piece)
        self.held.append(SealedPiece(value_id=self.value.pk, position=self.position, body=piece))
        self.position += 1
        if sum(len(one.body) for one in self.held) > HELD:
            if not self.is_kept:
                self.is_kept = True
                self.begin()
            self.settle()

    def settle(self) -> None:
        """Once some pieces are written all are."""
        if self.is_kept:
            SealedPiece.objects.bulk_create(self.held)
            self.held.clear()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.total += len(raw_data)
        if self.total > self.limit:
            self.is_too_much = True
            raise StopUpload(connection_reset=False)
        assert self.stream is not None
        self.stream.write(raw_data)

    def file_complete(self, file_size: int) -> SealedFile | None:
        assert self.stream is not None
        length = self.stream.close()
        self.stream = None
        if length == 0:
            self.held = [one for one in self.held if one.value_id != self.value.pk]
            if self.is_kept:
                SealedPiece.objects.filter(value_id=self.value.pk).delete()
            return None
        store.finish_value(self.value, self.digest.digest())
        return SealedFile(self.value, self.file_name or "", self.content_type or "", length)

    def upload_interrupted(self) -> None:
        if self.stream is not None:
            self.stream.abandon()
