"""Layers of the bundled encoder with changes of low rank (Hu 2021) that are learned while the layers stay."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from index.model.heads.tuning import LINEAR

RANK = 16
_MODULES = dict(
    zip(
        LINEAR,
        ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
         "intermediate.dense", "output.dense"),
        strict=True,
    )
)  # fmt: skip


class LowRank(nn.Module):
    """A linear map that stays, and a change of low rank that is learned; nothing at first."""

    def __init__(self, kept: nn.Linear) -> None:
        super().__init__()
        self.kept = kept
        self.into = nn.Parameter(torch.randn(RANK, kept.in_features) / math.sqrt(kept.in_features))
        self.out = nn.Parameter(torch.zeros(kept.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        """The map and its change."""
        changed: Tensor = self.kept(x) + functional.linear(functional.linear(x, self.into), self.out)
        return changed


def changeable(layers: nn.ModuleList) -> nn.ModuleList:
    """The layers, of which nothing is learned any more but a change to each map."""
    for parameter in layers.parameters():
        parameter.requires_grad = False
    for layer in layers:
        for name in _MODULES.values():
            owner, _, last = name.rpartition(".")
            kept: Any = layer.get_submodule(name)
            setattr(layer.get_submodule(owner), last, LowRank(kept))
    return layers


def changes_of(layers: nn.ModuleList, below: int) -> dict[str, Tensor]:
    """What was learned, by the names that ``index.model.heads.tuning`` reads; ``below`` is the number of the first
    layer."""
    return {
        f"l{number}.{name}.{part}": getattr(layer.get_submodule(module), part)
        for number, layer in enumerate(layers, start=below)
        for name, module in _MODULES.items()
        for part in ("into", "out")
    }


def merged(layers: nn.ModuleList, changes: Mapping[str, NDArray[np.float32]]) -> None:
    """Add what was learned, by the names that are shipped, to the maps of these layers."""
    for number, layer in enumerate(layers):
        for name, module in _MODULES.items():
            part, kept = f"l{number}.{name}", layer.get_submodule(module)
            if isinstance(kept, nn.Linear):
                with torch.no_grad():
                    kept.weight += torch.tensor(changes[f"{part}.out"] @ changes[f"{part}.into"])


def resumed(kept: Path, network: nn.Module, parts: Mapping[str, Any]) -> int:
    """How much a run before has done, 0 where none was kept; network and parts (with a ``state_dict``) go on there."""
    if not kept.is_file():
        return 0
    held = torch.load(kept)
    network.load_state_dict(held["network"], strict=False)
    for name, part in parts.items():
        part.load_state_dict(held[name])
    return int(held["done"])


def keep(kept: Path, network: nn.Module, parts: Mapping[str, Any], done: int) -> None:
    """Keep what is learned of the network, and where the parts are."""
    learned = {name: one for name, one in network.named_parameters() if one.requires_grad}
    torch.save({"network": learned, "done": done, **{name: part.state_dict() for name, part in parts.items()}}, kept)
