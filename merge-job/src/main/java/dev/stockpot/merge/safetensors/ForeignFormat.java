package dev.stockpot.merge.safetensors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/** Files that are often found in the place of a shard, by their first bytes. */
enum ForeignFormat {
  ZIP("PK\3\4", "a PyTorch checkpoint or another zip archive", ForeignFormat.CONVERT),
  PICKLE("\u0080[\2-\5]", "a Python pickle", ForeignFormat.CONVERT),
  LFS_POINTER(
      "version https://git-lfs",
      "a git-lfs pointer, without the weights it stands for",
      "Run `git lfs pull` where it was cloned, and copy the shard again"),
  GGUF("GGUF", "a GGUF file", "Use the safetensors files that it was made from"),
  WEB_PAGE(
      "\\s*<",
      "a web page or an error message of a server",
      "Fetch the shard again, and look at what the server says");

  /** How a pickle becomes a shard. */
  static final String CONVERT =
      "Pickles are never opened here, because opening one runs the code in it."
          + " Convert it where you trust it: from safetensors.torch import save_file;"
          + " save_file(torch.load('pytorch_model.bin', weights_only=True), 'model.safetensors')";

  private final Pattern start;
  private final String what;
  private final String remedy;

  ForeignFormat(String start, String what, String remedy) {
    this.start = Pattern.compile(start);
    this.what = what;
    this.remedy = remedy;
  }

  static Optional<ForeignFormat> of(ByteBuffer firstBytes) {
    byte[] bytes = new byte[Math.min(firstBytes.limit(), 64)];
    firstBytes.get(0, bytes);
    String text = new String(bytes, ISO_8859_1);
    return Arrays.stream(values()).filter(f -> f.start.matcher(text).lookingAt()).findFirst();
  }

  String what() {
    return what;
  }

  String remedy() {
    return remedy;
  }
}
