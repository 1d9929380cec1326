// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>How far the request may fork (RFC 5393 §5.3.3). A breadth too small for all targets makes the proxy try them one after the other; none at all is refused.</summary>
internal sealed class MaxBreadthStep(int maximum) : IRequestStep
{
    public string Name => "max-breadth";

    public StepResult Handle(RequestContext context)
    {
        context.MaxBreadth = maximum;
        if (!context.Request.TryGetValue(HeaderName.MaxBreadth, out ReadOnlySpan<byte> text))
        {
            return StepResult.Continue;
        }

        if (text.ContainsAnyExceptInRange((byte)'0', (byte)'9') || !Utf8Parser.TryParse(text, out uint breadth, out _))
        {
            return context.Answer(400, "Bad Max-Breadth");
        }

        if (breadth == 0)
        {
            return context.Answer(440);
        }

        context.MaxBreadth = (int)Math.Min(breadth, (uint)maximum);
        return StepResult.Continue;
    }
}
