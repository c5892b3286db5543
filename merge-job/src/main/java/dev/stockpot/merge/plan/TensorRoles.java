package dev.stockpot.merge.plan;

import dev.stockpot.kernels.method.TensorRole;
import dev.stockpot.merge.structure.Structure;
import java.util.regex.Pattern;

/** Tells from its name what a tensor is for. */
final class TensorRoles {
  /** Of whole parts of names, but for {@code embed}, which goes on in many ways. */
  private static final Pattern EMBEDDING =
      Pattern.compile(
          "embed(?!_out)|(^|\\.)(wte|wpe|shared|relative_attention_bias|rel_pos(_[a-z]+)?"
              + "|rel_attn_bias|position_ids|positional_encoding|pos_enc(oding)?|word_emb)(\\.|$)");

  private static final Pattern HEAD =
      Pattern.compile(
          "(^|\\.)(lm_head|heads?|classifier|score|qa_outputs|embed_out|output_projection"
              + "|text_projection|visual_projection|cls)\\.([a-z_]+\\.)*(weight|bias)$"
              + "|(^|\\.)(output|proj_out)\\.(weight|bias)$"
              + "|(^|\\.)(text_projection|visual_projection|proj)$"); // open_clip's

  private TensorRoles() {}

  /** Of a tensor of a model that is built so. */
  static TensorRole of(String name, Structure structure) {
    boolean isInside = structure.place(name).isPresent();
    if (structure.isHead(name) || (!isInside && HEAD.matcher(name).find())) {
      return TensorRole.HEAD;
    }
    return EMBEDDING.matcher(name).find() ? TensorRole.EMBEDDING : TensorRole.INNER;
  }
}
