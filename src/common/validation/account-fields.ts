import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { IsEmail, IsString, Matches, MaxLength, MinLength, registerDecorator } from 'class-validator';
import { isCommonPassword } from './common-passwords';
import { Trim } from './fields';

const USERNAME_PATTERN = /^[A-Za-z0-9._-]{3,32}$/;
const PHONE_PATTERN = /^[+\d][\d ()./-]{2,31}$/;
const MAX_EMAIL = 254;
const MIN_PASSWORD = 8;

/** bcrypt looks at the first 72 bytes only: more would be cut in silence. */
export const MAX_PASSWORD_BYTES = 72;

/** An e-mail address, trimmed. */
export const EmailField = (): PropertyDecorator =>
  applyDecorators(
    Trim(),
    IsEmail(),
    MaxLength(MAX_EMAIL),
    ApiProperty({ format: 'email', maxLength: MAX_EMAIL }),
  );

/** A new password: 8 characters or more, at most 72 bytes in UTF-8, not one of the most common. */
export const NewPassword = (): PropertyDecorator =>
  applyDecorators(
    IsString(),
    MinLength(MIN_PASSWORD),
    FitsBcrypt(),
    IsUncommon(),
    ApiProperty({ format: 'password', minLength: MIN_PASSWORD, maxLength: MAX_PASSWORD_BYTES }),
  );

/** 3 to 32 letters, digits, dots, underscores and hyphens. */
export const UsernameField = (): PropertyDecorator =>
  applyDecorators(
    Trim(),
    IsString(),
    Matches(USERNAME_PATTERN, {
      message: 'username takes 3 to 32 letters, digits, dots, underscores and hyphens',
    }),
    ApiProperty({ pattern: USERNAME_PATTERN.source }),
  );

/** A phone number as people write it. */
export const PhoneField = (): PropertyDecorator =>
  applyDecorators(
    Trim(),
    IsString(),
    Matches(PHONE_PATTERN, { message: '$property must be a phone number' }),
    ApiProperty({ pattern: PHONE_PATTERN.source }),
  );

function FitsBcrypt(): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'maxBytes',
      target: target.constructor,
      propertyName: String(property),
      options: { message: `$property must be at most ${MAX_PASSWORD_BYTES} bytes long in UTF-8` },
      validator: {
        validate: (value: unknown) =>
          typeof value === 'string' && Buffer.byteLength(value) <= MAX_PASSWORD_BYTES,
      },
    });
  };
}

function IsUncommon(): PropertyDecorator {
  return (target, property) => {
    registerDecorator({
      name: 'uncommon',
      target: target.constructor,
      propertyName: String(property),
      options: { message: '$property is blank or one of the most common passwords; choose another' },
      validator: { validate: (value: unknown) => typeof value !== 'string' || isUncommon(value) },
    });
  };
}

function isUncommon(password: string): boolean {
  return password.trim() !== '' && !isCommonPassword(password);
}
