// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip.Stack;

/// <summary>What every search of one locator works with.</summary>
internal sealed record LocateTools(LocatorOptions Options, AliasWalk Dns, ILocalReach Reach, TimeProvider Time, Random Random);
