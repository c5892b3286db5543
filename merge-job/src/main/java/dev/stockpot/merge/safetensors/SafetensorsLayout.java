package dev.stockpot.merge.safetensors;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.output.OutputLayout;
import dev.stockpot.merge.output.OutputTensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Safetensors files under the names that a library gives them, so that it finds them again.
 *
 * @param stem what all of them begin with: {@code model}, {@code diffusion_pytorch_model}
 * @param variant what a library asks for by name, such as {@code fp16}; mostly empty
 */
public record SafetensorsLayout(String stem, String variant) implements OutputLayout {
  private static final long serialVersionUID = 1;

  /** The weights of a model, named as transformers, timm and sentence-transformers do. */
  public static final SafetensorsLayout CHECKPOINT = new SafetensorsLayout("model", "");

  /**
   * Stems that libraries look for, those first that win where several are there: {@code
   * consolidated} is what Mistral's own names hold, mostly a second copy beside the first.
   */
  static final List<String> STEMS =
      List.of("model", "diffusion_pytorch_model", "open_clip_model", "consolidated");

  private static final String SUFFIX = ".safetensors";

  public SafetensorsLayout {
    requireNonNull(stem, "stem is null");
    requireNonNull(variant, "variant is null");
  }

  /**
   * The layout of a checkpoint by what its files are called; of one whose name no library looks
   * for, that of a model.
   *
   * @param weights as in {@link dev.stockpot.merge.checkpoint.Surroundings}
   */
  public static SafetensorsLayout of(String weights) {
    for (String stem : STEMS) {
      if (weights.equals(stem)) {
        return new SafetensorsLayout(stem, "");
      }
      if (weights.startsWith(stem + ".")) {
        return new SafetensorsLayout(stem, weights.substring(stem.length() + 1));
      }
    }
    return CHECKPOINT;
  }

  private String dotted() {
    return variant.isEmpty() ? "" : "." + variant;
  }

  @Override
  public String file(int number, int of) {
    return of == 1
        ? stem + dotted() + SUFFIX
        : String.format(Locale.ROOT, "%s%s-%05d-of-%05d%s", stem, dotted(), number, of, SUFFIX);
  }

  @Override
  public OutputLayout beside(String name) {
    return FolderLayout.ofState(name);
  }

  /**
   * What a file of tensors begins with, one behind the other in that order.
   *
   * @param metadata what its writer says beside tensors
   */
  public static ByteBuffer front(List<OutputTensor> tensors, Map<String, String> metadata) {
    return ShardHeaderWriter.encode(tensors, metadata);
  }

  @Override
  public ByteBuffer header(List<OutputTensor> tensors) {
    return ShardHeaderWriter.encode(tensors);
  }

  @Override
  public String indexFile() {
    return "%s%s.index%s.json".formatted(stem, SUFFIX, dotted());
  }

  @Override
  public ByteBuffer index(Map<String, String> files, long bytes) {
    return new ShardIndex(files).encode(bytes);
  }
}
