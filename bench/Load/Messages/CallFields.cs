// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Load;

/// <summary>What differs between the messages of two calls.</summary>
/// <param name="Call">See <see cref="CallNumber"/>.</param>
/// <param name="Caller">The calling user.</param>
/// <param name="Callee">The called user.</param>
/// <param name="Sequence">For CSeq; written with nine digits.</param>
/// <param name="CallerAddresses">Where the calling phones are.</param>
/// <param name="CalleeAddresses">Where the called phones are.</param>
internal readonly record struct CallFields(ulong Call, int Caller, int Callee, uint Sequence, PhoneAddresses CallerAddresses, PhoneAddresses CalleeAddresses);
