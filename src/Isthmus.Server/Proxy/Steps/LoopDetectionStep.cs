// SPDX-License-Identifier: Apache-2.0
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>
/// Refuses a request that came back unchanged (RFC 5393 §4.2.2): the second part of one of its Vias' branches is the mark that this
/// request gets now. The mark's key is this server's own, so that no other Via can carry it by chance.
/// </summary>
internal sealed class LoopDetectionStep(RouteMarks marks) : IRequestStep
{
    /// <summary>What stands between the two parts of a branch.</summary>
    public const char Separator = '.';

    public string Name => "loops";

    public StepResult Handle(RequestContext context)
    {
        string mark = marks.LoopMarkOf(context.Request);
        foreach (Via via in context.Request.Vias)
        {
            if (via.Branch is { } branch && branch.Length > mark.Length && branch[^(mark.Length + 1)] == Separator && branch.EndsWith(mark, StringComparison.Ordinal))
            {
                return context.Answer(482);
            }
        }

        context.LoopMark = mark;
        return StepResult.Continue;
    }
}
