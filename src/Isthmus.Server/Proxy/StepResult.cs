// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Proxy;

/// <summary>What a step says about a request.</summary>
internal enum StepResult
{
    /// <summary>Nothing against it: the next step looks at the request.</summary>
    Continue,

    /// <summary>A final response was given (an ACK is dropped instead): the request is over.</summary>
    Answered,

    /// <summary>The step owns the request from now on; it answers later, or resumes the pipeline.</summary>
    Taken,

    /// <summary>The request came without a transaction and needs one: it comes again with one.</summary>
    NeedsTransaction,
}
