"""The bundled weights as an ordinary sentence-transformers folder, written once.

Owns the layout of that folder (BERT weights, Unigram tokenizer, mean pooling, normalisation,
the two e5 prompts) and its atomic appearance on disk. Knows nothing of encoding or of passages.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

from index.model import bundled
from index.model.prompts import PASSAGE_PROMPT, QUERY_PROMPT, SPACING, VANISHING
from kb.records.errors import ModelError
from kb.records.messages import say
from kb.records.ports import FloatArray

Progress = Callable[[str, float], None]
"""Called with what is being done and the share done so far, 0 to 1."""

_MARK = "complete.json"
# Where the bundled model lies once converted: about 490 MB, once.
CACHE = Path(os.environ.get("KB_MODEL_CACHE", Path.home() / ".cache" / "cx-knowledge-base"))


def ensure_folder(cache: Path, progress: Progress | None = None) -> Path:
    """The folder of the converted model below ``cache``, made now if it is not there yet.

    It appears whole or not at all: everything is written beside it, synced and renamed. About
    20 s and 490 MB, once. Raises ModelError if the weights are not the pinned ones or the disk
    refuses.
    """
    stamp = bundled.stamp()
    folder = cache / f"{stamp.name}-{stamp.revision}"
    if (folder / _MARK).is_file():
        return folder
    report = progress or _silent
    report("checking the weights", 0.0)
    weights = bundled.checked_weights()
    try:
        _make(folder, weights, report)
    except OSError as error:
        hint = say("free_500_mb_there_or_name")
        raise ModelError(str(cache), say("the_model_cannot_be_written", error=error.strerror), hint) from error
    report("ready", 1.0)
    return folder


def _make(folder: Path, weights: Path, report: Progress) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        report("reading the weights", 0.1)
        model = bundled.read_model(weights)
        report("writing the weights", 0.3)
        save_file(_bert_tensors(model), partial / "model.safetensors", metadata={"format": "pt"})
        report("building the tokenizer", 0.7)
        _tokenizer(model.pieces).save(str(partial / "tokenizer.json"), pretty=False)
        _write_settings(partial, model)
        _sync(partial)
        report("putting it in place", 0.95)
        _put_in_place(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _put_in_place(partial: Path, folder: Path) -> None:
    """Rename the finished folder; another process that was first wins, a half one is set aside."""
    if folder.exists() and not (folder / _MARK).is_file():
        folder.rename(Path(tempfile.mkdtemp(prefix=f".{folder.name}-incomplete-", dir=folder.parent)) / "model")
    with contextlib.suppress(FileExistsError):
        if not folder.exists():
            partial.rename(folder)


def _sync(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _silent(_what: str, _share: float) -> None:
    """No one watches."""


_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


def _bert_tensors(model: bundled.BundledModel) -> dict[str, FloatArray]:
    """The tensors under the names of a BERT checkpoint, in their two-dimensional shapes.

    The file has no pooler and none is used; zeros stand in so that loading has nothing to invent.
    """
    size = model.header.hidden
    pooler = {
        "pooler.dense.weight": np.zeros((size, size), np.float32),
        "pooler.dense.bias": np.zeros(size, np.float32),
    }
    return pooler | {_bert_name(name): _shaped(name, flat, model.header) for name, flat in model.tensors.items()}


def _bert_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    suffix = "weight" if kind == "w" else "bias"
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{suffix}"


def _shaped(name: str, flat: FloatArray, header: bundled.Header) -> FloatArray:
    matrix = name in ("emb.word", "emb.pos", "emb.type") or (name.endswith(".w") and "ln" not in name)
    columns = header.feed_forward if name.endswith("fo.w") else header.hidden
    return np.ascontiguousarray(flat.reshape(-1, columns)) if matrix else flat


def _tokenizer(pieces: bundled.Pieces) -> Tokenizer:
    """The Unigram tokenizer of XLM-RoBERTa, as the published model has it.

    Its normalisation map is NFKC but for 45 code points: controls vanish, separators and
    zero-width marks become spaces (compared code point by code point with the map in the file).
    """
    tokenizer = Tokenizer(models.Unigram(list(pieces.pieces), unk_id=pieces.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(f"[{VANISHING}]"), ""),
            normalizers.Replace(Regex(f"[{SPACING}]"), " "),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    begin, end = pieces.pieces[pieces.begin][0], pieces.pieces[pieces.end][0]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}",
        pair=f"{begin} $A {end} {end} $B {end}",
        special_tokens=[(begin, pieces.begin), (end, pieces.end)],
    )
    tokenizer.add_special_tokens([AddedToken(token, special=True) for token in _special_tokens(pieces).values()])
    return tokenizer


def _special_tokens(pieces: bundled.Pieces) -> dict[str, str]:
    ids = {"bos_token": pieces.begin, "eos_token": pieces.end, "unk_token": pieces.unknown, "pad_token": pieces.pad}
    names = {role: pieces.pieces[index][0] for role, index in ids.items()}
    return {**names, "cls_token": names["bos_token"], "sep_token": names["eos_token"], "mask_token": "<mask>"}


def _write_settings(folder: Path, model: bundled.BundledModel) -> None:
    header, pieces = model.header, model.pieces
    _write(folder / "config.json", _bert_config(header, pieces))
    tokens = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": header.positions}
    _write(folder / "tokenizer_config.json", {**tokens, **_special_tokens(pieces)})
    pooling = {"word_embedding_dimension": header.hidden, "pooling_mode_mean_tokens": True, "include_prompt": True}
    (folder / "1_Pooling").mkdir()
    _write(folder / "1_Pooling" / "config.json", pooling)
    (folder / "2_Normalize").mkdir()
    _write(folder / "sentence_bert_config.json", {"max_seq_length": header.positions, "do_lower_case": False})
    prompts = {"query": QUERY_PROMPT, "document": PASSAGE_PROMPT, "passage": PASSAGE_PROMPT}
    _write(folder / "config_sentence_transformers.json", {"prompts": prompts, "similarity_fn_name": "cosine"})
    modules = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    rows = [
        {"idx": index, "name": str(index), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for index, (path, kind) in enumerate(modules)
    ]
    _write(folder / "modules.json", rows)
    _write(folder / _MARK, {"weights": bundled.FILE_SHA256, "conversion": bundled.CONVERSION_VERSION})


def _bert_config(header: bundled.Header, pieces: bundled.Pieces) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": header.hidden,
        "num_hidden_layers": header.layers,
        "num_attention_heads": header.heads,
        "intermediate_size": header.feed_forward,
        "vocab_size": header.vocabulary,
        "max_position_embeddings": header.positions,
        "type_vocab_size": header.types,
        "layer_norm_eps": header.epsilon,
        "hidden_act": "gelu",
        "pad_token_id": pieces.pad,
        "torch_dtype": "float32",
    }


def _write(path: Path, content: Mapping[str, object] | list[dict[str, object]]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
