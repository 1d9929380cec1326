// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>
/// One small step in the life of a received request. Steps stand in one ordered list (<see cref="RequestPipeline"/>), keep no state of a
/// single request, and may be called by many threads for different conversations at once.
/// </summary>
internal interface IRequestStep
{
    /// <summary>The step's name in the printed list, one lower-case word or two.</summary>
    string Name { get; }

    /// <summary>Looks at the request, and lets it pass, answers it, or takes it over.</summary>
    StepResult Handle(RequestContext context);
}
