"""Where the program is put together: settings to an open base with its encoder, tagger, searcher and analyser.

The one place of ``api`` that knows ``ingest``. Heavy libraries load when something first needs them:
a search must not wait for torch.
"""

from __future__ import annotations

import atexit
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.ahead import BEGUN, question_engine, serving_engine
from api.settings import BUNDLED_MODEL, CHAT_JUDGE, FITTED_JUDGE, READING_JUDGE, Settings
from kb.records.errors import BaseError, InputError, ModelError
from kb.records.messages import say
from kb.records.ports import ChatModel, Embedder, FloatArray, ModelStamp, PagePictures
from kb.store import Store

if TYPE_CHECKING:
    from api.service.knowledge_base import KnowledgeBase
    from index.answers.judging.judge import Judge
    from index.search.searcher import Searcher
    from index.vectors.sync import IndexKeeper
    from ingest.analysis import Analyser
    from ingest.on_ray import Ahead
    from ingest.pipeline import Pipeline
    from ingest.readers.isolate import IsolatedReader
    from ingest.repeats.duplicates import Translations
    from ingest.tagging import Tagger
    from kb.records.language import Language


class Wiring:
    """The parts of one run of the program, each made once and only when asked for."""

    def __init__(self, settings: Settings, base: Path | None = None) -> None:
        """A folder that is named (``base``) is a base on disk, whole, whatever is set."""
        self.settings = settings
        self._is_named = base is not None
        self.base = base or settings.base
        self.address = None if base or settings.store is None else settings.store.get_secret_value()

    def store(self, *, create: bool = False) -> Store:
        """The base's store; BaseError when it is missing and not to be made."""
        if self.address is None:
            if self.settings.originals is not None and not self._is_named:
                raise InputError("KB_ORIGINALS", say("goes_with_kb_store_alone"), say("set_kb_store_or_unset_it"))
            return Store.open(self.base, create=create)
        try:
            from kb.store.postgresql.opening import open_postgresql
        except ImportError:
            raise InputError("KB_STORE", say("needs_psycopg"), say("install_the_extra_postgresql")) from None
        return open_postgresql(self.address, self.base, create=create, originals=self.settings.originals)

    def require_folder(self, command: str) -> None:
        """Nothing for a base on disk; InputError for one in PostgreSQL, which has programs of its own for that."""
        if self.address is not None:
            raise InputError(command, say("is_for_a_base_on_disk"), say("name_a_folder_or_use_pg_dump"))

    @cached_property
    def embedder(self) -> Embedder:
        """The model for passages."""
        from index.model.loading import load_encoder

        return load_encoder(self.settings.model)

    def question_embedder(self, *, serving: bool) -> Embedder:
        """The model for questions. Of the bundled one there are two engines with the same vectors: one that starts at
        once, and for a server one that takes a third of the time for each question."""
        if self.settings.model != BUNDLED_MODEL:
            return self.embedder
        begun = BEGUN.get()
        if begun:
            return begun.result()
        return serving_engine() if serving else question_engine()

    @cached_property
    def tagger(self) -> Tagger:
        """The topic tagger for the model that is set."""
        return self._load_tagger(self.embedder)

    @cached_property
    def analyser(self) -> Analyser:
        """The tagger and the figure reader for any text."""
        from ingest.analysis import Analyser

        return Analyser(lambda: self.embedder, self._load_tagger)

    @cached_property
    def reader(self) -> IsolatedReader:
        """Reads originals in a process of its own, which ends with the program."""
        from ingest.readers.isolate import IsolatedReader

        reader = IsolatedReader()
        atexit.register(reader.close)
        return reader

    @cached_property
    def pictures(self) -> PagePictures:
        """Draws pages of PDFs, in a process apart from the one that reads: ingestion must not wait for a reader."""
        from ingest.readers.isolate import IsolatedReader

        drawer = IsolatedReader()
        atexit.register(drawer.close)
        return drawer

    def pipeline(
        self,
        *,
        create: bool,
        keep: frozenset[str] = frozenset(),
        store: Store | None = None,
        ahead: Ahead | None = None,
    ) -> Pipeline:
        """The steps of ingestion into the base, which is made when ``create`` and missing; ``ahead`` has workers read
        and embed."""
        from index.search import lexical
        from ingest.pipeline import Pipeline
        from ingest.readers.recognition.scans import OCR, ScanReader

        keep = keep | {OCR} if self.settings.ocr else keep
        store = store or self.store(create=create)
        return Pipeline(
            store,
            # What workers embedded needs little more of the model than its name.
            (lambda: self.embedder) if ahead is None else partial(self.question_embedder, serving=False),
            lexical,
            self._load_tagger,
            read=ScanReader(self.reader).read if OCR in keep else self.reader.read,
            keep=keep,
            translations=partial(self._translations, store),
            ahead=ahead,
        )

    def workers_of_ray(self, address: str, count: int | None, keep: frozenset[str]) -> AbstractContextManager[Ahead]:
        """So many workers of Ray that read and embed with what is set; InputError where there are none."""
        from api.cli.preparing import MakePreparer
        from ingest.on_ray import workers_of_ray
        from ingest.readers.recognition.scans import OCR

        settings = self.settings
        make = MakePreparer(settings.model, ocr=settings.ocr or OCR in keep)
        return workers_of_ray(address, count, make)

    def _translations(self, store: Store, embedder: Embedder) -> Translations:
        """What finds translations in a store, by the vector index of this machine."""
        from index.model.parity import prior_means
        from ingest.repeats.duplicates import Translations

        keeper = self.whole_index(store)
        if keeper.mended is not None:
            _warn(keeper.mended)

        def nearest(language: Language, vector: FloatArray, count: int) -> Sequence[int]:
            keeper.extend()
            if keeper.fault is not None:
                raise BaseError(store.name, keeper.fault, say("check_it_kb_doctor"))
            return [int(key) for key in keeper.now().index.search(language, vector, count).keys]

        return Translations(store, prior_means(embedder).passages, nearest)

    def searcher(self, store: Store, *, serving: bool = False) -> Searcher:
        """Search over an open store, by words alone where the model is missing. A server (``serving``) answers while
        a damaged index is made anew."""
        from index.model.parity import prior_means
        from index.model.token_space import load_token_space
        from index.search.glossary import Glossary
        from index.search.searcher import Searcher
        from index.vectors.sync import IndexKeeper

        keeper = IndexKeeper(store, self.base / "index", background=serving)
        try:
            embedder = self.question_embedder(serving=serving)
        except ModelError as error:
            # What a server says goes out to others, and the error names paths of this machine.
            missing = (
                say("the_embedding_model_cannot_be_loaded")
                if serving
                else say("thing_and_reason", first=error.thing, then=error.reason)
            )
            if serving:
                _warn(str(error))
            return Searcher(store, keeper, None, None, Glossary.shipped(), missing_model=missing)
        space = load_token_space(embedder.stamp)
        return Searcher(store, keeper, embedder, prior_means(embedder), Glossary.shipped(), tokens=store, space=space)

    def whole_index(self, store: Store) -> IndexKeeper:
        """The vector index of the base, made equal to it however long that takes."""
        from index.vectors.sync import IndexKeeper

        return IndexKeeper(store, self.base / "index", waited_for=sys.maxsize)

    def knowledge_base(self, *, serving: bool = False) -> KnowledgeBase:
        """The service over the base; BaseError when it is missing. ``serving`` is for what runs on and on."""
        from api.service.knowledge_base import KnowledgeBase
        from ingest.text.detect import text_language

        store = self.store()
        return KnowledgeBase(
            store,
            lambda: self.searcher(store, serving=serving),
            text_language,
            lambda: self.analyser,
            self.settings.public_url,
            lambda: self.judge,
            self.settings.dossier_template,
        )

    @cached_property
    def judge(self) -> Judge:
        """Who judges evidence; ModelError for a cross-encoder that cannot be loaded, InputError for a language model
        that is not set."""
        named = self.settings.judge
        if named in (FITTED_JUDGE, READING_JUDGE):
            from index.answers.judging.fitted import shipped_judge

            return shipped_judge(reads=named == READING_JUDGE)
        if named == CHAT_JUDGE:
            from index.answers.judging.judge import ChoosingJudge

            chat = self.chat()
            if chat is None:
                raise InputError("KB_CHAT_URL", say("is_not_set"), say("set_both_chat_settings"))
            return ChoosingJudge(chat)
        from index.answers.judging.judge import PairJudge
        from index.model.loading import load_pair_scorer

        return PairJudge(Path(named).name, load_pair_scorer(named).score)

    def chat(self) -> ChatModel | None:
        """The language model that is set, or null where none is set; InputError for a wrong address."""
        url, model = self.settings.chat_url, self.settings.chat_model
        if not url and not model:
            return None
        if not url or not model:
            unset = "KB_CHAT_MODEL" if url else "KB_CHAT_URL"
            raise InputError(unset, say("is_not_set"), say("set_both_chat_settings"))
        from api.chat.endpoint import ChatEndpoint

        key = self.settings.chat_key
        return ChatEndpoint(
            url,
            model,
            key.get_secret_value() if key else None,
            self.settings.chat_timeout,
            self.settings.chat_stream,
        )

    def tagger_for(self, stamp: ModelStamp | None) -> Tagger:
        """The topic tagger for vectors of this model; it needs no model itself."""
        from ingest.tagging import Tagger

        return Tagger.load(stamp, self.settings.topic_head)

    def _load_tagger(self, embedder: Embedder) -> Tagger:
        return self.tagger_for(embedder.stamp)

    def re_embed(self) -> int:
        """Make every vector of the base anew with the model that is set; how many passages that were."""
        from ingest.entries import re_embed

        return re_embed(self.store(), self.embedder)


def _warn(sentence: str) -> None:
    """Say on stderr what whoever started the program should know."""
    from api.cli.output import messages

    messages.print(sentence, style="yellow", markup=False)
