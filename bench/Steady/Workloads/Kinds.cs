// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Steady.Workloads;

/// <summary>All workloads.</summary>
internal static class Kinds
{
    public static IReadOnlyList<IWorkload> All() =>
    [
        new Registering(),
        new Calling(),
        new Asking("W4", "MESSAGE", isForwarded: true),
        new Asking("W4K", "MESSAGE", isForwarded: true, isOneKept: true),
        new Asking("W5", "OPTIONS", isForwarded: false),
        new Asking("W6", "OPTIONS", isForwarded: true),
        new Publishing(),
    ];
}
