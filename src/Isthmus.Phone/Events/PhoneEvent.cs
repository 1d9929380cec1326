// SPDX-License-Identifier: Apache-2.0
namespace Isthmus.Phone;

/// <summary>Something that happened in the phone.</summary>
public abstract record PhoneEvent;
