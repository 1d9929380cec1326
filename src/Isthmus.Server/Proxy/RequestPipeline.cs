// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>The ordered list of steps that every received request walks through.</summary>
internal sealed class RequestPipeline(IEnumerable<IRequestStep> steps)
{
    private readonly IRequestStep[] _steps = [.. steps];

    /// <summary>The names of the steps, in order.</summary>
    public IReadOnlyList<string> Names => [.. _steps.Select(s => s.Name)];

    /// <summary>Walks the request through the steps that it has not seen yet, until one does not let it pass.</summary>
    public StepResult Run(RequestContext context)
    {
        while (context.NextStep < _steps.Length)
        {
            var result = _steps[context.NextStep++].Handle(context);
            if (result != StepResult.Continue)
            {
                return result;
            }
        }

        return StepResult.Continue;
    }

    /// <summary>The steps as one line: <c>sanity → admission → …</c>.</summary>
    public override string ToString() => string.Join(" → ", _steps.Select(s => s.Name));
}
