package dev.stockpot.kernels.methods.spectral;

import static dev.stockpot.kernels.method.Parameter.Scope.MERGE;
import static dev.stockpot.kernels.method.Parameter.Scope.MODEL;

import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MethodCard;
import dev.stockpot.kernels.method.Parameter;
import dev.stockpot.kernels.method.Range;
import dev.stockpot.kernels.method.TensorTerms;
import dev.stockpot.kernels.random.RandomStream;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Merges that see the matrices of task vectors whole. */
public final class SpectralMethods {
  /** What speaks for restraint, of the family. */
  static final String EVIDENCE_ALIKE =
      " Shown on vision models; for language models nobody has, and spectral methods did not help them"
          + " (arXiv:2511.21437): compare with the merge without it.";

  /** What speaks against those that were tried. */
  static final String EVIDENCE =
      " On language models fine-tuned in different ways by different people such methods gave no"
          + " gain over the base and often large drops, where task_arithmetic gave one (arXiv:2511.21437):"
          + " take it for fine-tunes made alike, as of vision models.";

  private static final Parameter<Double> COMMON =
      Parameter.optional(
          "common_space_fraction",
          MERGE,
          Range.Numbers.FRACTION,
          0.8,
          "share of the directions that are those of the sum");

  private static final Parameter<Double> RIDGE =
      Parameter.optional(
          "ridge",
          MERGE,
          Range.Numbers.FRACTION,
          0.01,
          "what is added to the diagonal, times its mean: more of it stays nearer to the base");

  private static final Parameter<Boolean> CENTER =
      Parameter.optional(
          "center", MERGE, new Range.Flag(), false, "take the mean row from the rows, as ACE does");

  private static final Parameter<String> NORMALIZE =
      Parameter.optional(
          "normalize",
          MERGE,
          new Range.Words(List.of("norm", "trace")),
          "norm",
          "what each matrix of products is divided by: the squared norm, or its trace, as ACE does");

  private static final Parameter<Double> PRIOR =
      Parameter.optional(
          "prior",
          MERGE,
          Range.Numbers.NOT_NEGATIVE,
          0.0,
          "factor on the mean matrix of products that is added to each, as ACE does");

  private static final Parameter<Double> RATIO =
      Parameter.optional(
          "ratio",
          MERGE,
          Range.Numbers.FRACTION,
          0.1,
          "share of each task vector that counts: the elements that do best");

  private static final Parameter<Double> WEIGHT =
      Parameter.required("weight", MODEL, Range.Numbers.ANY, "factor on the model's task vector");

  private static final Parameter<Integer> N =
      Parameter.optional(
          "n", MERGE, new Range.Whole(1), 64, "elements of each group that are kept");

  private static final Parameter<Integer> M =
      Parameter.optional(
          "m", MERGE, new Range.Whole(1), 256, "elements of a group, one after the other");

  /** Layers of which agreement is believed. */
  private static final Pattern TRUSTED =
      Pattern.compile("attn|attention|mlp|ffn|feed_forward|(^|\\.)fc\\d|experts");

  private static final MergeMethod ISO_C =
      new SpectralMethod(
          "iso_c",
          new MethodCard(
              "sum of the task vectors, all singular values of a matrix made equal",
              "θ = θ₀ + α·σ̄·U·Vᵀ, Σδᵢ = U·Σ·Vᵀ, σ̄ the mean singular value;"
                  + " other tensors: the mean of the models",
              "Fine-tunes of one base on different tasks, by one recipe." + EVIDENCE,
              "Marczak et al. 2025, No task left behind, arXiv:2502.04959",
              Cost.SUM),
          List.of(SpectralMethod.ALPHA),
          terms -> new Isotropic());

  private static final MergeMethod ISO_CTS =
      new SpectralMethod(
          "iso_cts",
          new MethodCard(
              "as iso_c, with directions that each task has beside the common ones",
              "θ = θ₀ + α·σ̄·U·Vᵀ, U and V the nearest orthonormal ones to the first directions of Σδᵢ"
                  + " and those of each δᵢ beside them; other tensors: the mean of the models",
              "As iso_c, for many tasks." + EVIDENCE,
              "Marczak et al. 2025, No task left behind, arXiv:2502.04959",
              Cost.SUM),
          List.of(SpectralMethod.ALPHA, COMMON),
          terms -> new CommonAndTasks(terms.merge().get(COMMON), draws(terms)));

  private static final MergeMethod TSV_M =
      new SpectralMethod(
          "tsv_m",
          new MethodCard(
              "the largest singular values of each task vector, on vectors that do not interfere",
              "θ = θ₀ + α·U⊥·Σ·V⊥ᵀ, of each δᵢ its min(m, n)/N largest triplets side by side, U⊥ and V⊥"
                  + " the nearest orthonormal ones; other tensors: the mean of the models",
              "Fine-tunes of one base on different tasks, by one recipe." + EVIDENCE,
              "Gargiulo et al. 2025, Task singular vectors, arXiv:2412.00081",
              Cost.SUM),
          List.of(SpectralMethod.ALPHA),
          terms -> new TaskSingularVectors(draws(terms)));

  private static final MergeMethod WUDI =
      new SpectralMethod(
          "wudi",
          new MethodCard(
              "the task vector that interferes least with each, in closed form; also ACE",
              "θ = θ₀ + α·Σ δᵢGᵢ · (Σ Gᵢ + ρI)⁻¹, Gᵢ = δᵢᵀδᵢ / ‖δᵢ‖²;"
                  + " other tensors: the mean of the models",
              "regmean without statistics: rows of a task vector stand for inputs. center: true with"
                  + " normalize: trace is ACE, arXiv:2603.02945."
                  + EVIDENCE,
              "Cheng et al. 2025, Whoever started the interference should end it, arXiv:2503.08099",
              Cost.SUM),
          List.of(SpectralMethod.ALPHA, RIDGE, CENTER, NORMALIZE, PRIOR),
          terms ->
              new LeastInterference(
                  terms.merge().get(RIDGE),
                  terms.merge().get(CENTER),
                  terms.merge().get(NORMALIZE).equals("trace"),
                  terms.merge().get(PRIOR)));

  private static final MergeMethod RESMERGE =
      new SpectralMethod(
          "resmerge",
          new MethodCard(
              "task vectors without their largest direction merged by direction; of that, the common part",
              "θ = θ₀ + A + C, δᵢ = Hᵢ + Rᵢ, Hᵢ of rank 1; A = c^β·n̄·Q, Q the mean direction of Rᵢ, n̄ their"
                  + " mean norm, c how near they are to Q (the mean of Rᵢ if c ≤ 1/√N); C = 0.2·r·‖A‖·H̄/‖H̄‖;"
                  + " other tensors: the mean of the models",
              "Models trained by reinforcement learning from one base. One model alone is not what comes"
                  + " out: its first direction is scaled down.",
              "ResMerge 2026, arXiv:2606.02252",
              Cost.LOOK),
          List.of(),
          terms -> new Residuals(TRUSTED.matcher(terms.tensor()).find(), draws(terms)));

  private static final MergeMethod CABS =
      new SpectralMethod(
          "cabs",
          new MethodCard(
              "the largest n of each m elements of a task vector that no model before has taken",
              "θ = θ₀ + Σ wᵢ·mᵢ⊙δᵢ, mᵢ the n largest |δᵢ| of each m in a row where m₁ … mᵢ₋₁ are 0;"
                  + " other tensors: the mean of the models",
              "Few fine-tunes of one base; the order counts: the first one keeps its largest elements"
                  + " everywhere. n of m is the density, 64 of 256 without.",
              "Yang et al. 2025, CABS, arXiv:2503.01874",
              Cost.LOOKS),
          List.of(WEIGHT, N, M),
          new Groups());

  private static final MergeMethod PCB =
      new SpectralMethod(
          "pcb",
          new MethodCard(
              "task vectors averaged by how their elements compete, with their own and with others'",
              "θ = θ₀ + α·Σ βᵢδᵢ / Σ βᵢ, βᵢ = exp(N·n(|δᵢ|)²)·tanh(δᵢ⊙Σδⱼ), of which the share ratio"
                  + " that is largest counts, taken to 0 to 1; other tensors: the mean of the models",
              "Fine-tunes of one base on different tasks. alpha 0.8 to 1.3, ratio 0.05 to 0.2. Magnitudes"
                  + " compete within each matrix, where the paper's compete in the whole model.",
              "Du et al. 2024, Parameter competition balancing, arXiv:2410.02396",
              Cost.LOOKS),
          List.of(SpectralMethod.ALPHA, RATIO),
          terms -> new Competition(terms.merge().get(RATIO)));

  /** Of consecutive elements. */
  private static final class Groups implements SpectralMethod.Rules {
    @Override
    public SpectralRule of(TensorTerms terms) {
      return new TakenInTurn(
          terms.merge().get(N),
          terms.merge().get(M),
          terms.besideBase().stream().map(model -> terms.models().get(model).get(WEIGHT)).toList());
    }

    @Override
    public Optional<String> problemWith(TensorTerms terms) {
      int kept = terms.merge().get(N);
      int group = terms.merge().get(M);
      return kept > group
          ? Optional.of("n is %s, must be at most m, which is %s".formatted(kept, group))
          : Optional.empty();
    }
  }

  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL =
      List.of(ISO_C, ISO_CTS, TSV_M, WUDI, RESMERGE, CABS, PCB);

  private SpectralMethods() {}

  /** Numbers that a search begins with: each tensor has its own. */
  private static RandomStream draws(TensorTerms terms) {
    return RandomStream.of(terms.seed(), RandomStream.OUTPUT, terms.tensor());
  }
}
