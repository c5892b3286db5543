"""Makes models of several vocabularies, and looks at what came of merging them; vocabularies.sh runs it."""

import importlib.util
import json
import pathlib
import sys

import torch
import transformers
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

SPECIAL = ["<unk>", "<s>", "</s>", "<pad>"]
CHAT = ["<|im_start|>", "<|im_end|>"]
KINDS = ("bpe", "unigram", "wordpiece", "wordlevel")
SIZE = 800


def corpus():
    """Lines of the sources and licences that transformers ships: letters of many scripts, code, prose."""
    folder = pathlib.Path(importlib.util.find_spec("transformers").origin).parent
    lines = []
    for name in ("generation/utils.py", "tokenization_utils_base.py", "models/xlm/tokenization_xlm.py", "models/nllb/tokenization_nllb.py"):
        lines += (folder / name).read_text(encoding="utf-8").splitlines()
    for file in sorted(folder.parent.glob("transformers-*.dist-info/METADATA")):
        lines += file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip()]


def trained(kind, lines):
    if kind == "bpe":
        made = Tokenizer(models.BPE(unk_token="<unk>"))
        made.pre_tokenizer, made.decoder = pre_tokenizers.ByteLevel(add_prefix_space=False), decoders.ByteLevel()
        trainer = trainers.BpeTrainer(vocab_size=SIZE, special_tokens=SPECIAL, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    elif kind == "unigram":
        made = Tokenizer(models.Unigram())
        made.normalizer, made.pre_tokenizer, made.decoder = normalizers.NFKC(), pre_tokenizers.Metaspace(), decoders.Metaspace()
        trainer = trainers.UnigramTrainer(vocab_size=SIZE, special_tokens=SPECIAL, unk_token="<unk>", show_progress=False)
    elif kind == "wordpiece":
        made = Tokenizer(models.WordPiece(unk_token="<unk>"))
        made.pre_tokenizer, made.decoder = pre_tokenizers.BertPreTokenizer(), decoders.WordPiece()
        trainer = trainers.WordPieceTrainer(vocab_size=SIZE, special_tokens=SPECIAL, show_progress=False)
    else:
        made = Tokenizer(models.WordLevel(unk_token="<unk>"))
        made.pre_tokenizer = pre_tokenizers.Whitespace()
        trainer = trainers.WordLevelTrainer(vocab_size=SIZE, special_tokens=SPECIAL, show_progress=False)
    made.train_from_iterator(lines, trainer)
    return made


def save(folder, tokenizer, seed, rows=None, template=None):
    """A tiny Llama with a row for each token, or some more."""
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>", pad_token="<pad>")
    fast.chat_template = template
    size = rows or len(fast)
    torch.manual_seed(seed)
    ids = {part + "_token_id": fast.convert_tokens_to_ids(token) for part, token in (("bos", "<s>"), ("eos", "</s>"), ("pad", "<pad>"))}
    config = LlamaConfig(vocab_size=size, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
                         num_key_value_heads=2, tie_word_embeddings=False, **ids)
    LlamaForCausalLM(config).save_pretrained(folder)
    fast.save_pretrained(folder)


def with_chat(tokenizer, tokens):
    copy = Tokenizer.from_str(tokenizer.to_str())
    copy.add_tokens([AddedToken(token, special=True, normalized=False) for token in tokens])
    return copy


def moved(tokenizer):
    """The same tokenizer, its ordinary tokens under other ids where its kind allows that."""
    tree = json.loads(tokenizer.to_str())
    vocab = tree["model"]["vocab"]
    if isinstance(vocab, dict):
        words = sorted(vocab, key=vocab.get)
        words = words[: len(SPECIAL)] + words[: len(SPECIAL) - 1 : -1]
        tree["model"]["vocab"] = {word: place for place, word in enumerate(words)}
    else:
        tree["model"]["vocab"] = vocab[: len(SPECIAL)] + vocab[: len(SPECIAL) - 1 : -1]
    return Tokenizer.from_str(json.dumps(tree))


def recipe(work, name, options, *names, template=""):
    lines = ["merge_method: linear", "dtype: float32", "models:"]
    for each, weight in zip(names, (0.75, 0.25)):
        lines += [f"- model: {each}", f"  parameters: {{weight: {weight}}}"]
    (work / f"{name}.yml").write_text("\n".join([*lines, options, template]) + "\n")


def prepare(work):
    lines = corpus()
    for kind in KINDS:
        tokenizer = trained(kind, lines)
        save(work / f"in-{kind}", tokenizer, 1)
        save(work / f"in-{kind}-chat", with_chat(tokenizer, CHAT), 2, rows=SIZE + 64)
        save(work / f"in-{kind}-moved", moved(tokenizer), 3)
        recipe(work, f"{kind}-base", "tokenizer_source: base", f"in-{kind}", f"in-{kind}-chat")
        recipe(work, f"{kind}-union", "tokenizer_source: union", f"in-{kind}", f"in-{kind}-chat", template="chat_template: chatml")
        recipe(work, f"{kind}-path", f"tokenizer_source: in-{kind}-moved", f"in-{kind}-chat", f"in-{kind}-moved")
        recipe(work, f"{kind}-pad", "tokenizer: {source: union, pad_to_multiple_of: 64, tokens: {<|new|>: {source: {kind: zero}}}}",
               f"in-{kind}", f"in-{kind}-moved")
    for name in ("alpaca", "chatml", "exaone", "llama3", "mistral"):
        recipe(work, f"template-{name}", f"chat_template: {name}", "in-bpe", "in-bpe")


def rows(folder):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    return model, [model.get_input_embeddings().weight.detach(), model.get_output_embeddings().weight.detach()]


def check(holds, *words):
    if not holds:
        sys.exit(" ".join(str(word) for word in words))


def compare_rows(work, name, made, inputs):
    """Each row is the weighted mean of the rows of its token, or that of the only model which has it."""
    model, out = rows(work / name)
    check(model.config.vocab_size == out[0].shape[0] == out[1].shape[0], name, "has", model.config.vocab_size, "rows by its configuration and", out[0].shape)
    vocabularies = [AutoTokenizer.from_pretrained(work / each).get_vocab() for each in inputs]
    tensors = [rows(work / each)[1] for each in inputs]
    for token, place in made.get_vocab().items():
        for part in (0, 1):
            theirs = [tensors[i][part][vocabularies[i][token]] for i in (0, 1) if token in vocabularies[i]]
            expected = torch.zeros_like(out[part][0]) if not theirs else theirs[0] if len(theirs) == 1 else 0.75 * theirs[0] + 0.25 * theirs[1]
            check(torch.allclose(out[part][place], expected, atol=1e-6, rtol=1e-5), name, "has another row for", token)
    with torch.no_grad():
        check(torch.isfinite(model(torch.tensor([[1, 5, 7]])).logits).all(), name, "computes no numbers")


def compare_tokenizer(name, made, source, lines, shift=0):
    """The same ids for all of the text, by transformers and by tokenizers alone."""
    again = Tokenizer.from_str(made.backend_tokenizer.to_str())
    for begin in range(0, len(lines), 500):
        some = lines[begin : begin + 500]
        wanted = [encoding.ids for encoding in source.backend_tokenizer.encode_batch(some, add_special_tokens=False)]
        for tokenizer in (made.backend_tokenizer, again):
            got = [encoding.ids for encoding in tokenizer.encode_batch(some, add_special_tokens=False)]
            check(got == wanted, name, "gives other ids than", source.name_or_path)
    text = "\n".join(lines[:50])
    check(made(text)["input_ids"] == source(text)["input_ids"], name, "gives other ids with special tokens")
    check(made.decode(made(text)["input_ids"]) == source.decode(source(text)["input_ids"]), name, "decodes otherwise")


CHATTER = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."},
           {"role": "user", "content": "Oh"}]
RENDERED = {
    "alpaca": "Be brief.\n\n### Instruction:\nWhy?\n\n### Response:\nSo.\n\n### Instruction:\nOh\n\n### Response:\n",
    "chatml": "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\nSo.<|im_end|>\n"
              "<|im_start|>user\nOh<|im_end|>\n<|im_start|>assistant\n",
    "exaone": "[|system|]Be brief.[|endofturn|]\n[|user|]Why?\n[|assistant|]So.[|endofturn|]\n[|user|]Oh\n[|assistant|]",
    "llama3": "<s><|start_header_id|>system<|end_header_id|>\n\nBe brief.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|>"
              "<|start_header_id|>assistant<|end_header_id|>\n\nSo.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nOh<|eot_id|>"
              "<|start_header_id|>assistant<|end_header_id|>\n\n",
    "mistral": "<s> [INST] Be brief.\n\nWhy? [/INST] So.</s> [INST] Oh [/INST]",
}


def compare(work):
    lines = corpus()
    done = 0
    for kind in KINDS:
        plain = AutoTokenizer.from_pretrained(work / f"in-{kind}")
        for name, source, inputs in ((f"{kind}-base", plain, ("in-" + kind, f"in-{kind}-chat")),
                                     (f"{kind}-union", AutoTokenizer.from_pretrained(work / f"in-{kind}-chat"), ("in-" + kind, f"in-{kind}-chat")),
                                     (f"{kind}-path", AutoTokenizer.from_pretrained(work / f"in-{kind}-moved"), (f"in-{kind}-chat", f"in-{kind}-moved")),
                                     (f"{kind}-pad", plain, ("in-" + kind, f"in-{kind}-moved"))):
            made = AutoTokenizer.from_pretrained(work / name)
            compare_tokenizer(name, made, source, lines)
            compare_rows(work, name, made, inputs)
            done += 1
        union = AutoTokenizer.from_pretrained(work / f"{kind}-union")
        check(union(CHAT[0] + "the" + CHAT[1], add_special_tokens=False)["input_ids"][0] == len(plain), kind, "does not find", CHAT[0])
        check(union.apply_chat_template(CHATTER, tokenize=False, add_generation_prompt=True) == RENDERED["chatml"], kind, "renders otherwise")
        padded = AutoTokenizer.from_pretrained(work / f"{kind}-pad")
        check(padded("a <|new|> b")["input_ids"].count(padded.get_vocab()["<|new|>"]) == 1, kind, "does not find <|new|>")
        for part in ("bos", "eos", "pad"):
            config = json.loads((work / f"{kind}-path" / "config.json").read_text())
            check(config[part + "_token_id"] == getattr(made, part + "_token_id"), kind, "has another", part)
    for name, text in RENDERED.items():
        made = AutoTokenizer.from_pretrained(work / f"template-{name}")
        got = made.apply_chat_template(CHATTER, tokenize=False, add_generation_prompt=True)
        check(got == text, name, "renders", repr(got))
    print(f"Passed: {done} merged vocabularies load in transformers {transformers.__version__} and give the same ids for {len(lines)} lines; {len(RENDERED)} templates render")


if __name__ == "__main__":
    transformers.utils.logging.disable_progress_bar()
    {"prepare": prepare, "compare": compare}[sys.argv[1]](pathlib.Path(sys.argv[2]))
