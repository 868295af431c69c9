import { IsString, MaxLength } from 'class-validator';

export class CloseAccountDto {
  /** The present password: the app may be in someone else's hands. */
  @IsString()
  @MaxLength(1000)
  password: string;
}
