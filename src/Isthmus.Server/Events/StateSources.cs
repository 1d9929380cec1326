// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>Where the state of a package comes from: what makes its resources change.</summary>
[Flags]
internal enum StateSources
{
    /// <summary>From elsewhere.</summary>
    None = 0,

    /// <summary>From what devices PUBLISH.</summary>
    Publications = 1,

    /// <summary>From the bindings of the address-of-record.</summary>
    Bindings = 2,

    /// <summary>From those who watch the same address-of-record by the package whose name stands before <c>.winfo</c>.</summary>
    Watchers = 4,
}
