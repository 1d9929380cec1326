// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Server.Events;

/// <summary>Why there is no subscription to a list.</summary>
/// <param name="Status">The answer's status code.</param>
/// <param name="Reason">Its reason phrase.</param>
internal sealed record ListRefusal(int Status, string Reason);
