// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Refuses a request that came back unchanged (RFC 5393 §4.2.2): the second part of one of its Vias' branches is the mark that this
/// request gets now. The mark's key is this server's own, so that no other Via can carry it by chance.
/// </summary>
internal sealed class LoopDetectionStep : IRequestStep
{
    /// <summary>What stands between the two parts of a branch.</summary>
    public const byte Separator = (byte)'.';

    public string Name => "loops";

    public StepResult Handle(RequestContext context)
    {
        SipRequest request = context.Received;
        if (!request.HasViaBelow)
        {
            return HasMark(context, request.TopViaView) ? context.Answer(482) : StepResult.Continue;
        }

        foreach (ReadOnlySpan<byte> value in request.ValuesOf(HeaderName.Via))
        {
            if (ViaView.TryRead(value, out ViaView via) && HasMark(context, via))
            {
                return context.Answer(482);
            }
        }

        return StepResult.Continue;
    }

    // Only a branch that has a mark is worth the making of ours.
    private static bool HasMark(RequestContext context, in ViaView via) =>
        via.Branch is { Length: > Hex64.Length } branch && branch[^(Hex64.Length + 1)] == Separator
        && Hex64.TryRead(branch[^Hex64.Length..], out ulong mark) && mark == context.LoopMark;
}
