// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Sip;

/// <summary>Where one header field stands in the message's bytes.</summary>
internal readonly record struct HeaderSlot(HeaderName Name, int Start, int NameLength, int ValueStart, int ValueLength, int End);
