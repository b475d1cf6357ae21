/** The programs of the recorded compiler runs, as einsum statements over the inputs of each. */
const layer1 = (a: string, x: string, w: string): string => `T(i,l)=${a}(i,k)*${x}(k,l)\nU(i,j)=T(i,l)*${w}(l,j)`;
const sage =
  "S(i,j)=X2(i,k)*V(k,j)\nB(i,j)=S(i,j)+c(j)\nT(i,l)=A(i,k)*X(k,l)\nN(i,j)=T(i,l)*W(l,j)\nZ(i,j)=B(i,j)+N(i,j)";

/** Fused programs: all statements of one make one region. */
export const fusedPrograms: Readonly<Record<string, string>> = {
  chain_karate__f_full: layer1("A", "X", "W"),
  gcn_karate__p1_layer1: `${layer1("A", "X", "W")}\nZ(i,j)=U(i,j)+c(j)\nH(i,j)=relu(Z(i,j))`,
  gcn_karate__p2_layer2: `${layer1("A", "X", "W")}\nZ(i,j)=U(i,j)+c(j)\nH(i,j)=softmax[j](Z(i,j))`,
  gcn_karate__f_full: `${layer1("A", "X", "W1")}\nZ(i,j)=U(i,j)+b1(j)\nH(i,j)=relu(Z(i,j))\nT2(i,l)=A(i,k)*H(k,l)\nU2(i,j)=T2(i,l)*W2(l,j)\nZ2(i,j)=U2(i,j)+b2(j)\nY(i,j)=softmax[j](Z2(i,j))`,
  attn_32x8b4__f_full: "S(i,j)=Q(i,k)*Kt(k,j)\nB(i,j)=M(i,j)*S(i,j)\nP(i,j)=softmax[j](B(i,j))\nO(i,l)=P(i,j)*V(j,l)",
  sae_96_32__p1_encoder: "T(i,j)=x(i,k)*W(k,j)\nB(i,j)=T(i,j)+c(j)\nH(i,j)=relu(B(i,j))",
  sae_96_32__f_full:
    "T(i,j)=x(i,k)*W(k,j)\nB(i,j)=T(i,j)+c(j)\nH(i,j)=relu(B(i,j))\nD(i,l)=H(i,j)*U(j,l)\nY(i,l)=D(i,l)+e(l)",
  sage_karate__p1_layer1: `${sage}\nH(i,j)=relu(Z(i,j))`,
  sage_karate__p2_layer2: `${sage}\nH(i,j)=softmax[j](Z(i,j))`,
};

/** The statements of a recorded program over the inputs it has, in their order. */
export function recordedStatements(name: string, inputs: readonly string[]): string {
  const fused = fusedPrograms[name];
  if (fused !== undefined) return fused;
  const [a, b, c] = inputs;
  const piece = name.slice(name.indexOf("__") + 2);
  if (/softmax/.test(piece)) return `Y(i,j)=softmax[j](${a}(i,j))`;
  if (/relu/.test(piece)) return `Y(i,j)=relu(${a}(i,j))`;
  if (/bias/.test(piece)) return `Y(i,j)=${a}(i,j)+${b}(j)`;
  if (piece === "add3_two_ops") return `T(i,j)=${a}(i,j)+${b}(i,j)\nY(i,j)=T(i,j)+${c}(i,j)`;
  if (/add\d/.test(piece)) return `Y(i,j)=${a}(i,j)+${b}(i,j)`;
  if (/mask|elemmul/.test(piece)) return `Y(i,j)=${a}(i,j)*${b}(i,j)`;
  const product = `(i,j)=${a}(i,k)*${b}(k,j)`;
  return piece === "p2_decoder" ? `T${product}\nY(i,j)=T(i,j)+${c}(j)` : `Y${product}`;
}
