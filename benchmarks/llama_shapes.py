"""Names and shapes of the tensors of a Llama. Standard library only, as make-sparse.py."""


def layer(number, hidden, inner, keys):
    prefix = f"model.layers.{number}."
    yield prefix + "self_attn.q_proj.weight", [hidden, hidden]
    yield prefix + "self_attn.k_proj.weight", [keys, hidden]
    yield prefix + "self_attn.v_proj.weight", [keys, hidden]
    yield prefix + "self_attn.o_proj.weight", [hidden, hidden]
    yield prefix + "mlp.gate_proj.weight", [inner, hidden]
    yield prefix + "mlp.up_proj.weight", [inner, hidden]
    yield prefix + "mlp.down_proj.weight", [hidden, inner]
    yield prefix + "input_layernorm.weight", [hidden]
    yield prefix + "post_attention_layernorm.weight", [hidden]
