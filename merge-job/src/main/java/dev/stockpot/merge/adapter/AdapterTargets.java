package dev.stockpot.merge.adapter;

import static java.util.Objects.requireNonNull;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What adapters of a base can do to its tensors, and what PEFT calls the modules of these. */
public final class AdapterTargets {
  private static final String WEIGHT = ".weight";

  /** Modules that choose experts: parameters of their own class, and no linear layers. */
  private static final Set<String> ROUTERS = Set.of("gate", "router");

  /** Rows that are looked up like those of tokens. */
  private static final Set<String> LOOKED_UP = Set.of("wpe", "relative_attention_bias");

  /** Classes with a head over the vocabulary, which all but some call {@link BaseModel#HEAD}. */
  private static final List<String> HEADED =
      List.of("CausalLM", "LMHead", "ConditionalGeneration", "MaskedLM", "ForPreTraining");

  private static final List<String> HIDDEN = List.of("MaskedLM", "ForPreTraining");

  private final BaseModel base;
  private final String proper;

  /** What can be done to a tensor. */
  public enum Kind {
    /** A linear layer's weight, as out, in. */
    LINEAR,
    /** A linear layer's weight, as in, out. */
    TURNED,
    /** A row for each token. */
    EMBEDDING,
    /** A linear layer with a row for each token. */
    HEAD,
    /** No matrix of a linear layer: its module can be saved as a whole. */
    OTHER
  }

  private AdapterTargets(BaseModel base, String proper) {
    this.base = requireNonNull(base, "base is null");
    this.proper = requireNonNull(proper, "proper is null");
  }

  public static AdapterTargets of(Model model) {
    return new AdapterTargets(BaseModel.of(model), ClassPrefix.of(model, architecture(model)));
  }

  private static Optional<String> architecture(Model model) {
    return model.config().tree().list("architectures").stream()
        .flatMap(name -> name.text().stream())
        .findFirst();
  }

  public Kind kind(String tensor, Shape shape) {
    if (!tensor.endsWith(WEIGHT) || shape.dimensions().size() != 2) {
      return Kind.OTHER;
    }
    String module = tensor.substring(0, tensor.length() - WEIGHT.length());
    String last = module.substring(module.lastIndexOf('.') + 1);
    if (BaseModel.isVocabulary(tensor)) {
      return BaseModel.isHead(tensor) ? Kind.HEAD : Kind.EMBEDDING;
    }
    boolean isLookedUp =
        LOOKED_UP.contains(last) || last.toLowerCase(Locale.ROOT).contains("embed");
    if (isLookedUp || ROUTERS.contains(last)) {
      return Kind.OTHER;
    }
    return base.swapsInAndOut(module) ? Kind.TURNED : Kind.LINEAR;
  }

  /** The module of a tensor, as PEFT calls it. */
  public String module(String tensor) {
    String module = tensor.substring(0, Math.max(0, tensor.lastIndexOf('.')));
    return ClassPrefix.isBeside(module) ? module : proper + module;
  }

  /** Whether nothing but tensors lies in a module, so that it can be saved without more. */
  public boolean isLeaf(String tensor) {
    String begin = tensor.substring(0, tensor.lastIndexOf('.') + 1);
    return !begin.isEmpty()
        && base.model().tensors().keySet().stream()
            .noneMatch(other -> other.startsWith(begin) && other.indexOf('.', begin.length()) >= 0);
  }

  /** The embedding that stands for the head as well, if one does and the class has a head. */
  public Optional<String> sharedEmbedding() {
    String name = architecture(base.model()).orElse("");
    boolean hasHead = name.isEmpty() || HEADED.stream().anyMatch(name::contains);
    return base.sharedEmbedding().filter(any -> hasHead);
  }

  /** Whether the head that an embedding stands for lies where nobody can tell. */
  public boolean hidesSharedHead() {
    String name = architecture(base.model()).orElse("");
    return sharedEmbedding().isPresent() && HIDDEN.stream().anyMatch(name::contains);
  }

  /** What a head is called that has no tensor, as the embedding stands for it. */
  public String sharedHead() {
    return base.model().config().tree().text("model_type").equals("gpt_neox")
        ? "embed_out"
        : BaseModel.HEAD;
  }

  /** Whether a tensor is an output head. */
  public static boolean isHead(String tensor) {
    return BaseModel.isHead(tensor);
  }

  /** Whether a tensor of the base is a code, or belongs to one. */
  public boolean isCoded(String tensor) {
    return base.codes(tensor).isPresent();
  }

  /** Modules of all tensors of the base. */
  public Set<String> modules() {
    return base.model().tensors().keySet().stream()
        .map(this::module)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * What PEFT calls its task; nothing where it has none, and for classifiers, whose heads it would
   * ask for whether they differ or not.
   */
  Optional<String> task() {
    String name = architecture(base.model()).orElse("");
    if (name.endsWith("CausalLM") || name.endsWith("LMHeadModel")) {
      return Optional.of("CAUSAL_LM");
    }
    boolean isEncoderDecoder =
        base.model()
            .config()
            .tree()
            .get("is_encoder_decoder")
            .flatMap(JsonValue::flag)
            .orElse(false);
    return isEncoderDecoder && name.endsWith("ConditionalGeneration")
        ? Optional.of("SEQ_2_SEQ_LM")
        : Optional.empty();
  }
}
