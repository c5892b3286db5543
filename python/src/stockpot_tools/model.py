"""Models of transformers, under the names that their tensors have in the files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import transformers
from torch import nn
from transformers.core_model_loading import revert_weight_conversion

from stockpot_tools import safetensor_files
from stockpot_tools.errors import Refused, some
from stockpot_tools.safetensor_files import Shape

DTYPES = {"auto": "auto", "float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
# numbers of positions begin behind that of padding
PADDED_POSITIONS = {"roberta", "xlm-roberta", "camembert", "xlm-roberta-xl", "roberta-prelayernorm", "mpnet"}
INDEX = "model.safetensors.index.json"


@dataclass(frozen=True)
class StoredModel:
    """A model in memory, and what its tensors are called where it is stored.

    shapes: of the stored tensors, by name
    digest: of the files, see `safetensor_files.digest_of`; of no file the empty text
    """

    module: nn.Module
    shapes: Mapping[str, Shape]
    digest: str

    @staticmethod
    def of(module: nn.Module) -> "StoredModel":
        """A module that is stored under the names that it has itself, such as one of plain PyTorch."""
        return StoredModel(module, {name: tuple(value.shape) for name, value in module.state_dict().items()}, "")

    def digest_as(self, key: str) -> dict[str, str]:
        """Its digest for metadata; nothing of a module that is in no files, of which it would be a false word."""
        return {key: self.digest} if self.digest else {}

    @property
    def device(self) -> torch.device:
        return next(self.module.parameters()).device

    def name_of(self, name: str) -> str | None:
        """What a tensor is called in the files; nothing if it is no tensor there by itself."""
        prefix = str(getattr(self.module, "base_model_prefix", "")) + "."
        for spelling in (name, prefix + name, name.removeprefix(prefix)):
            if spelling in self.shapes:
                return spelling
        made = self._converted({name: torch.empty(self._shape(name), device="meta")})
        return next(iter(made)) if len(made) == 1 and self.shapes.keys() >= made.keys() else None

    def stored(self, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Tensors like the parameters of these names, as the files have them: renamed, and divided where the library
        joins what is stored apart, such as experts.

        Raises Refused if that is not what the files have.
        """
        names = {name: self.name_of(name) for name in tensors}
        if all(names.values()):
            made = {str(names[name]): tensor for name, tensor in tensors.items()}
        else:
            made = self._converted(tensors)
        wrong = [
            f"{name} {tuple(tensor.shape)}"
            for name, tensor in made.items()
            if self.shapes.get(name) != tuple(tensor.shape)
        ]
        if wrong:
            raise Refused(
                f"the model's files have no tensors such as {some(wrong)}; save the model once by save_pretrained,"
                " and make its statistics from what that wrote"
            )
        return made

    def _shape(self, name: str) -> torch.Size:
        return self.module.get_parameter(name).shape

    def _converted(self, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        if not isinstance(self.module, transformers.PreTrainedModel):
            return dict(tensors)
        return dict(revert_weight_conversion(self.module, dict(tensors)))


def weight_files(folder: Path) -> list[Path]:
    """Those of a model's folder: the shards, or the one file."""
    files = sorted(folder.glob("model*.safetensors"))
    if not files:
        raise Refused(f"{folder} has no model.safetensors and no shards of one; convert the model to safetensors first")
    if (folder / INDEX).exists():
        files = [file for file in files if file.name != "model.safetensors"] or files
    return files


def load(folder: Path, dtype: str = "float32", device: str = "cpu") -> StoredModel:
    """Opens a model with the class that its configuration names, ready to be evaluated.

    Raises Refused if it cannot be opened, or if a tensor is missing that the library would make up.
    """
    config = configuration(folder)
    names = getattr(config, "architectures", None) or []
    kind = getattr(transformers, names[0], None) if names else None
    if kind is None:
        raise Refused(
            f"{folder / 'config.json'} has architectures {names}, must name a class of transformers"
            f" {transformers.__version__}; code that comes with a model is not run"
        )
    files = weight_files(folder)
    shapes: dict[str, Shape] = {}
    for file in files:
        shapes |= safetensor_files.header(file)[0]
    try:
        module, found = kind.from_pretrained(folder, dtype=DTYPES[dtype], output_loading_info=True)
    except (OSError, ValueError, RuntimeError) as error:
        raise Refused(f"{folder} cannot be opened by {kind.__name__}: {first_line(error)}") from error
    missing = sorted(found["missing_keys"]) + sorted(str(entry[0]) for entry in found["mismatched_keys"])
    if missing:
        raise Refused(f"{folder} lacks {some(missing)} of a {kind.__name__}, which would be random numbers")
    module.eval()
    return StoredModel(module.to(device), shapes, safetensor_files.digest_of(files))


def configuration(folder: Path) -> Any:  # noqa: ANN401 (a class of its own for each type of model)
    """What config.json says."""
    if not folder.is_dir():
        raise Refused(f"{folder} is no folder; name a model that lies on this machine (`stockpot fetch` brings it)")
    try:
        return transformers.AutoConfig.from_pretrained(folder)
    except (OSError, ValueError) as error:
        raise Refused(f"{folder / 'config.json'} cannot be read: {first_line(error)}") from error


def length_of(asked: int | None, usual: int, config: Any) -> int:  # noqa: ANN401
    """How many tokens a model sees at once: as many as asked for, or the usual number if it has so many positions."""
    text = config.get_text_config()
    most = getattr(text, "max_position_embeddings", getattr(text, "n_positions", None))
    if isinstance(most, int) and most > 0 and getattr(text, "model_type", "") in PADDED_POSITIONS:
        most -= text.pad_token_id + 1
    if asked is None:
        return min(usual, most) if isinstance(most, int) and most > 0 else usual
    if asked < 2 or (isinstance(most, int) and 0 < most < asked):
        raise Refused(f"length is {asked} tokens, must be 2 to the {most} that the model has positions for")
    return asked


def tokenizer(folder: Path) -> Any:  # noqa: ANN401
    """The model's own."""
    try:
        return transformers.AutoTokenizer.from_pretrained(folder)
    except (OSError, ValueError, KeyError) as error:
        raise Refused(f"{folder} has no tokenizer that can be read: {first_line(error)}") from error


def first_line(error: BaseException) -> str:
    """Of its message."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
