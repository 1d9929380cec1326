// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>What a phone holds at the moment. All zero between calls.</summary>
/// <param name="Calls">Calls, also those that only wait for the answer to their BYE or CANCEL.</param>
/// <param name="MediaSockets">Open RTP and RTCP sockets.</param>
public readonly record struct PhoneResources(int Calls, int MediaSockets);
