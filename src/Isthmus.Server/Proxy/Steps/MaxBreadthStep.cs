// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using Isthmus.Sip;

namespace Isthmus.Server.Proxy;

/// <summary>How far the request may fork (RFC 5393 §5.3.3). A breadth too small for all targets makes the proxy try them one after the other; none at all is refused.</summary>
internal sealed class MaxBreadthStep(int maximum) : IRequestStep
{
    public string Name => "max-breadth";

    public StepResult Handle(RequestContext context)
    {
        context.MaxBreadth = maximum;
        if (context.Request.Text(HeaderName.MaxBreadth) is not { } text)
        {
            return StepResult.Continue;
        }

        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint breadth))
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
