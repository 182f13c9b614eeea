"""Rows of tests/autograd/rows_{shape,rearrange,index,scatter}.cpp as torch computes them."""
import torch
import torch.nn.functional as F

at = torch.tensor
permuted = at([[2, 0, 1, 2], [0, 1, 2, 1]])


def sum_of(parts):
    """Parts of one shape, weighted differently."""
    return sum((p * float(i + 1) for i, p in enumerate(parts[1:], 1)), parts[0] * 1.0)


def total_of(parts):
    return sum(((p * float(i + 1)).sum() for i, p in enumerate(parts)), torch.zeros((), dtype=parts[0].dtype))


def zeros(like, *shape):
    return torch.zeros(shape, dtype=like.dtype)


def scatter_part(x, i, s):
    """With the part of s that the index reaches, since PyTorch has no gradient for a larger s."""
    return x.scatter_add(0, i, s[:i.size(0), :i.size(1)])


def some_scatter_reduce(how, include_self):
    return lambda x, i, s: x.scatter_reduce(1, i, s, how, include_self=include_self)


ROWS = {
    # shapes
    "reshape": lambda x: x.reshape(4, -1),
    "flatten": lambda x: x.flatten(1),
    "squeeze": lambda x: x.squeeze(),
    "squeeze dim": lambda x: x.squeeze(-2),
    "squeeze list": lambda x: x.squeeze((0, -2, 1)),
    "unsqueeze": lambda x: x.unsqueeze(-1),
    "expand": lambda x: x.expand(2, -1, 4),
    "permute": lambda x: x.permute(2, 0, 1),
    "permute numpy_T": lambda x: x.permute(2, 1, 0),
    "transpose": lambda x: x.transpose(-1, 0),
    "t": lambda x: x.t(),
    "narrow": lambda x: x.narrow(1, 1, 2),
    "narrow tensor": lambda x: x.narrow(0, at(1), 2),
    "narrow_copy": lambda x: x.narrow_copy(-1, 1, 2),
    "slice": lambda x: x[:, 1:7:2],
    "slice negative": lambda x: x[:, -5:-1:3],
    "slice_backward": lambda x: torch.ops.aten.slice_backward(x, [3, 8], 1, 1, 5, 3),
    "select": lambda x: x.select(1, -2),
    "as_strided": lambda x: x.as_strided((3, 2, 2), (2, 1, 1), 1),
    "alias": torch.ops.aten.alias,
    "view_gather": lambda x: x.as_strided((2, 2), (4, 2), 1),
    "view_scatter": lambda x: zeros(x, 3, 4).as_strided_scatter(x, (2, 2), (4, 2), 1),
    "sum_to": lambda x: x.sum_to_size(3, 1),
    "clone": lambda x: x.clone(),
    "detach": lambda x: x.detach(),
    "movedim": lambda x: x.movedim(-1, 0),
    "movedim list": lambda x: x.movedim((2, 0), (0, 1)),
    "moveaxis": lambda x: x.moveaxis((2,), (0,)),
    "swapaxes": lambda x: x.swapaxes(0, -1),
    "swapdims": lambda x: x.swapdims(0, 2),
    "adjoint": lambda x: x.adjoint(),
    "adjoint mT": lambda x: x.mT,
    "ravel": lambda x: x.ravel(),
    "unflatten": lambda x: x.unflatten(-1, (2, -1)),
    "broadcast_to": lambda x: x.broadcast_to((2, 3, 4)),
    "broadcast_tensors": lambda x: torch.broadcast_tensors(x, torch.zeros(2, 1))[0],
    "atleast_1d": torch.atleast_1d,
    "atleast_2d": torch.atleast_2d,
    "atleast_3d": torch.atleast_3d,
    "atleast_3d list": lambda x: torch.atleast_3d([x])[0],
    # repetition and order
    "repeat": lambda x: x.repeat(2, 1, 3),
    "flip": lambda x: x.flip(0, -1),
    "tile": lambda x: x.tile(2),
    "repeat_interleave": lambda x: x.repeat_interleave(2, 1),
    "repeat_interleave flat": lambda x: x.repeat_interleave(2),
    "repeat_interleave tensor": lambda x: x.repeat_interleave(at([2, 0, 3]), 0),
    "roll": lambda x: x.roll((1, -1), (0, 1)),
    "roll flat": lambda x: x.roll(5),
    "rot90": lambda x: x.rot90(),
    "rot90 back": lambda x: x.rot90(-1, (1, 0)),
    "rot90 half": lambda x: x.rot90(2),
    "fliplr": lambda x: x.fliplr(),
    "flipud": lambda x: x.flipud(),
    "unfold": lambda x: x.unfold(1, 3, 2),
    # parts
    "cat rows": lambda *x: torch.cat(x),
    "cat empty tensors": lambda *x: torch.cat(x),
    "cat columns": lambda *x: torch.cat(x, -1),
    "concat": lambda *x: torch.concat(x, 1),
    "concatenate": lambda *x: torch.concatenate(x, -1),
    "stack": lambda *x: torch.stack(x, -1),
    "hstack": lambda *x: torch.hstack(x),
    "vstack": lambda *x: torch.vstack(x),
    "row_stack": lambda *x: torch.row_stack(x),
    "dstack": lambda *x: torch.dstack(x),
    "column_stack": lambda *x: torch.column_stack(x),
    "block_diag": torch.block_diag,
    "cartesian_prod": torch.cartesian_prod,
    "meshgrid": lambda *x: torch.meshgrid(*x, indexing="ij")[0] + 2 * torch.meshgrid(*x, indexing="xy")[1].t(),
    "combinations": torch.combinations,
    "combinations with_replacement": lambda x: torch.combinations(x, 2, True),
    "split": lambda x: sum_of(x.split(2, 1)),
    "split_with_sizes": lambda x: sum_of(x.split_with_sizes((2, 2), 1)),
    "chunk": lambda x: sum_of(x.chunk(2, -1)),
    "unbind": lambda x: sum_of(x.unbind(1)),
    "split sizes": lambda x: total_of(x.split((1, 4, 2), 1)),
    "tensor_split": lambda x: total_of(x.tensor_split(3, -1)),
    "tensor_split indices": lambda x: total_of(x.tensor_split((2, 5), 1)),
    "tensor_split tensor": lambda x: total_of(x.tensor_split(at([2, 5]), 1)),
    "hsplit": lambda x: total_of(x.hsplit(2)),
    "vsplit": lambda x: total_of(x.vsplit((1, 3))),
    "dsplit": lambda x: total_of(x.dsplit(2)),
    "slice_scatter": lambda x, s: x.slice_scatter(s, 1, 1, None, 2),
    "select_scatter": lambda x, s: x.select_scatter(s, 0, -1),
    "diagonal_scatter": lambda x, s: x.diagonal_scatter(s, 1),
    # diagonals
    "diagonal": lambda x: x.diagonal(),
    "diagonal below, of a batch": lambda x: x.diagonal(-1, -1, 0),
    "diag_embed": lambda x: x.diag_embed(1),
    "diag vector": lambda x: x.diag(-1),
    "diag matrix": lambda x: x.diag(2),
    "diagflat": lambda x: x.diagflat(),
    "trace": lambda x: x.trace(),
    "tril": lambda x: x.tril(1),
    "triu": lambda x: x.triu(),
    "tril_indices": lambda x: torch.tril_indices(3, 4, x.numel() - 2),
    "triu_indices": lambda x: torch.triu_indices(3, 3, x.numel() - 2),
    # indexing
    "index_select": lambda x, i: x.index_select(0, i),
    "index_select columns": lambda x, i: x.index_select(-1, i),
    "gather": lambda x, i: x.gather(1, i),
    "gather part": lambda x, i: x.gather(0, i),
    "scatter_add": lambda x, i, s: x.scatter_add(1, i, s),
    "scatter_add larger source": scatter_part,
    "scatter_add longer source": scatter_part,
    "scatter_add index of one": scatter_part,
    "scatter_add empty index": scatter_part,
    "index_add": lambda x, i, s: x.index_add(0, i, s, alpha=0.5),
    "scatter": lambda x, s: x.scatter(0, permuted, s),
    "scatter value": lambda x, i: x.scatter(1, i, 0.25),
    "scatter multiply": lambda x, i, s: x.scatter(1, i, s, reduce="multiply"),
    "scatter add a number": lambda x, i: x.scatter(1, i, 0.5, reduce="add"),
    "index": lambda x, i: x[i],
    "index apart": lambda x, i: x[i, :, at([1])],
    "index together, behind a slice": lambda x, i: x[1:, i, at([1])],
    "index mask": lambda x: x[..., at([True, False, True, True])],
    "index_backward": lambda g, i: zeros(g, 3, 4).index_put((i,), g, True),
    "index_put": lambda x, v: x.index_put((at([2, 0]),), v),
    "index_put accumulate": lambda x, i, v: x.index_put((i,), v, True),
    "masked_select": lambda x, m: x.masked_select(m),
    "take": lambda x, i: x.take(i),
    "embedding": lambda x, i: F.embedding(i, x),
    "one_hot": lambda x: F.one_hot(x, 4),
    "nonzero": lambda x: x.nonzero(),
    "nonzero_numpy": lambda x: x.nonzero(as_tuple=True)[1],
    "argwhere": torch.argwhere,
    "index_reduce": lambda x, i, s: x.index_reduce(1, i, s, "amax"),
    "index_copy": lambda x, s: x.index_copy(0, at([2, 0]), s),
    "index_fill": lambda x, i: x.index_fill(0, i, 0.25),
    "index_fill tensor": lambda x, v: x.index_fill(0, at([1]), v),
    "put": lambda x, s: x.put(at([-1, 3]), s),
    "put accumulate": lambda x, i, s: x.put(i, s, True),
    "masked_scatter": lambda x, m, s: x.masked_scatter(m, s),
    "take_along_dim": lambda x, i: x.take_along_dim(i, 1),
    "take_along_dim flat": lambda x, i: x.take_along_dim(i),
    "scatter_reduce prod with zeros": lambda x, s: x.scatter_reduce(
        1, torch.zeros(2, 3, dtype=torch.int64), s * at([[1, 0, 1], [0, 1, 0]]).to(s.dtype), "prod"),
    # order
    "sort": lambda x: x.sort()[0],
    "sort descending": lambda x: x.sort(1, True)[0],
    "sort indices": lambda x: x.sort(stable=True, dim=1)[1],
    "argsort": lambda x: x.argsort(1, True),
    "topk": lambda x: x.topk(3)[0],
    "topk least": lambda x: x.topk(2, 1, False)[0],
    "topk indices": lambda x: x.topk(3)[1],
    "msort": lambda x: torch.msort(x.t()).t(),
}
for how in ("sum", "prod", "mean", "amax", "amin"):
    ROWS["scatter_reduce " + how] = some_scatter_reduce(how, True)
    ROWS["scatter_reduce " + how + " without self"] = some_scatter_reduce(how, False)
