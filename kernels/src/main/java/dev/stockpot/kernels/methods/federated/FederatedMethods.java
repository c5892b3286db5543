package dev.stockpot.kernels.methods.federated;

import dev.stockpot.kernels.method.Cost;
import dev.stockpot.kernels.method.MergeMethod;
import dev.stockpot.kernels.method.MethodCard;
import java.util.List;

/** Rounds of federated learning. */
public final class FederatedMethods {
  private static final String WHEN =
      "Clients that trained on data of their own from one model of the server, round after round:"
          + " the base. What is remembered lies in `state` beside the model.";
  private static final String PAPER =
      "Reddi et al. 2021, Adaptive federated optimization, arXiv:2003.00295; numbers as in Flower";

  private static final MethodCard MEAN =
      new MethodCard(
          "mean of the clients by their examples",
          "θ = Σ nᵢθᵢ / Σ nᵢ; with `clipping`, θ = θ₀ + Σ pᵢ Δᵢ min(1, C/‖Δᵢ‖) + noise",
          "Clients that trained on data of their own from one model of the server.",
          "McMahan et al. 2017, Communication-efficient learning of deep networks from"
              + " decentralized data, arXiv:1602.05629; Andrew et al. 2019, arXiv:1905.03871",
          Cost.LOOK);

  private static final MethodCard PROXIMAL =
      new MethodCard(
          "mean of clients that were held near the server's model while they trained",
          "θ = Σ nᵢθᵢ / Σ nᵢ; each client adds (μ/2)‖θ − θ₀‖² to its loss",
          "Clients whose data differ much. The server does what fedavg does; μ is written down for"
              + " the clients of the next round.",
          "Li et al. 2020, Federated optimization in heterogeneous networks, arXiv:1812.06127",
          Cost.LOOK);

  private static final MethodCard MOMENTUM =
      new MethodCard(
          "steps towards the mean of the clients, with momentum",
          "m ← βm + (θ₀ − θ̄), θ = θ₀ − ηm; in a first round m = θ₀ − θ̄",
          WHEN,
          "Hsu et al. 2019, Measuring the effects of non-identical data distribution,"
              + " arXiv:1909.06335",
          Cost.LOOK);

  private static final MethodCard ADAGRAD =
      new MethodCard(
          "steps towards the mean of the clients, shorter where steps were long",
          "m = Δ, v ← v + Δ², θ = θ₀ + ηm / (√v + τ), Δ = θ̄ − θ₀",
          WHEN,
          PAPER,
          Cost.LOOK);

  private static final MethodCard ADAM =
      new MethodCard(
          "steps towards the mean of the clients by Adam",
          "m ← β₁m + (1−β₁)Δ, v ← β₂v + (1−β₂)Δ², θ = θ₀ + η'm / (√v + τ),"
              + " η' = η √(1−β₂ᵗ⁺¹) / (1−β₁ᵗ⁺¹) in round t",
          WHEN,
          PAPER,
          Cost.LOOK);

  private static final MethodCard YOGI =
      new MethodCard(
          "steps towards the mean of the clients by Yogi",
          "m as in fedadam, v ← v − (1−β₂)Δ² sign(v − Δ²), θ = θ₀ + ηm / (√v + τ)",
          WHEN,
          PAPER,
          Cost.LOOK);

  /** In the order in which they are listed. */
  public static final List<MergeMethod> ALL =
      List.of(
          new ServerOptimizer("fedavg", ServerRule.AVERAGE, 1, List.of(), MEAN),
          new ServerOptimizer(
              "fedprox", ServerRule.AVERAGE, 1, List.of(ServerOptimizer.PROXIMAL), PROXIMAL),
          new ServerOptimizer("fedavgm", ServerRule.MOMENTUM, 1, List.of(), MOMENTUM),
          new ServerOptimizer("fedadagrad", ServerRule.ADAGRAD, 0.1, List.of(), ADAGRAD),
          new ServerOptimizer("fedadam", ServerRule.ADAM, 0.1, List.of(), ADAM),
          new ServerOptimizer("fedyogi", ServerRule.YOGI, 0.01, List.of(), YOGI),
          FairMethods.QFEDAVG,
          FairMethods.FEDNOVA,
          FairMethods.FEDBUFF,
          MiddleMethod.MEDIAN,
          MiddleMethod.TRIMMED,
          DistanceMethods.KRUM_ITSELF,
          DistanceMethods.MULTI_KRUM,
          MiddleMethod.BULYAN,
          DistanceMethods.RFA,
          DistanceMethods.CENTERED_CLIPPING,
          DistanceMethods.FLTRUST);

  private FederatedMethods() {}
}
